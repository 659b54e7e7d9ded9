export { memoryStore, type MemoryStoreOptions } from "./memory-store.js";
export { sqliteStore, type SqliteStoreOptions } from "./sqlite-store.js";
