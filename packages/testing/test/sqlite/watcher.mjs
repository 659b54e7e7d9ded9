// Follows a store: node watcher.mjs <path> idle|waiting
import { sqliteStore } from "@fairlead/core";

const [path, mode] = process.argv.slice(2);
const store = sqliteStore({ path });
await store.now();
const changes = store.watch({ prefix: "", signal: new AbortController().signal })[Symbol.asyncIterator]();
console.log("ready");
// The store stays open: it must not keep the process alive either.
if (mode === "waiting") console.log((await changes.next()).value.stream);
