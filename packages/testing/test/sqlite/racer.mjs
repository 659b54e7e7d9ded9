// Writes to a store that others write to as well: node racer.mjs <path> <name> <times>
import { isFairleadError, sqliteStore } from "@fairlead/core";

const [path, name, times] = process.argv.slice(2);
const store = sqliteStore({ path });
const versions = new Map();

/** Appends to a stream, behind whatever others have appended meanwhile. */
async function append(stream, event, claim) {
  for (;;) {
    const version = versions.get(stream) ?? 0;
    try {
      const events = [{ ...event, at: "2026-01-02T03:04:05.678Z", hash: "sha256:0" }];
      await store.commit({ streams: [{ name: stream, expectedVersion: version, events }], ...(claim === undefined ? {} : { claim }) });
      versions.set(stream, version + 1);
      return true;
    } catch (error) {
      if (isFairleadError(error, "CLAIM_HELD")) return false;
      if (!isFairleadError(error, "STORE_CONFLICT")) throw error;
      versions.set(stream, error.data.actual);
    }
  }
}

for (let number = 0; number < Number(times); number += 1) {
  await append("shared", { type: name, data: { number } });
  const claim = { key: "shop/production", owner: name };
  if (await append("claimed", { type: "entered", data: { name } }, { ...claim, action: "take" })) {
    await append("claimed", { type: "left", data: { name } }, { ...claim, action: "release" });
  }
}
await store.close();
