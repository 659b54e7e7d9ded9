import { Secret } from "@fairlead/core";
import { postgresStore } from "../../src/store/index.js";
import { commitOf } from "./commit-of.js";

const [url = "", index = "", mode] = process.argv.slice(2);
const store = postgresStore({ url: new Secret("STORE_URL", url) });
await store.commit(commitOf(`process/${index}`, 0, "one"));
if (mode === undefined) await store.close();
else {
  const stopped = new AbortController();
  const changes = store.watch({ prefix: "", after: 0, signal: stopped.signal })[Symbol.asyncIterator]();
  await changes.next();
  stopped.abort();
  process.send?.("done");
}
process.disconnect();
