// Says what importing core has loaded, and what the first use of a store loads.
const loaded = () => process.moduleLoadList.filter((name) => name.endsWith(" sqlite"));

const { memoryStore, sqliteStore } = await import("@fairlead/core");
memoryStore();
const store = sqliteStore({ path: process.argv[2] });
console.log(JSON.stringify({ made: loaded() }));
await store.now();
console.log(JSON.stringify({ used: loaded().length > 0 }));
