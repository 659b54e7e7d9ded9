import { isFairleadError, sqliteStore } from "../../../src/index.js";

/** A process with many who want the same environment: told a round, it answers who of them got it. */
const [path = "", name = "", racers = "0"] = process.argv.slice(2);
const store = sqliteStore({ path, patience: "60s" });

process.on("message", (round: number) => {
  const key = `shop/${String(round)}`;
  const wants = Array.from({ length: Number(racers) }, async (_, racer) => {
    const owner = `deployment/${String(round)}/${name}-${String(racer)}`;
    const event = { type: "claimed", at: "2026-01-02T03:04:05.678Z", data: {}, hash: "sha256:0" };
    try {
      await store.commit({ streams: [{ name: owner, expectedVersion: 0, events: [event] }], claim: { key, owner, action: "take" } });
      return owner;
    } catch (error) {
      return isFairleadError(error, "CLAIM_HELD") ? undefined : String(error);
    }
  });
  void Promise.all(wants).then((owners) => process.send?.(owners.filter((owner) => owner !== undefined)));
});
process.on("disconnect", () => {
  void store.close();
});
process.send?.("ready");
