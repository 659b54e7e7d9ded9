import { isFairleadError } from "@fairlead/core";
import { matrixCases, proves } from "@fairlead/test-support";
import { expect, test } from "vitest";
import { commitOf } from "./support/commit-of.js";
import { useStores } from "./support/store-scene.js";

const createScene = useStores();

test("of a hundred who want an environment, through four stores, exactly one gets it, round after round", async (context) => {
  proves(context, "end to end", "I1");
  const scene = await createScene();
  const stores = Array.from({ length: 4 }, () => scene.open());
  const rounds = matrixCases(
    Array.from({ length: 300 }, (_, index) => index),
    { sample: 30 },
  );
  for (const round of rounds) {
    const key = `shop/${String(round)}`;
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, async (_, racer) => {
        const owner = `deployment/${String(round)}/${String(racer)}`;
        const store = stores[racer % stores.length];
        return store?.commit(commitOf(owner, 0, "claimed", { claim: { key, owner, action: "take" } })).then(
          () => owner,
          (error: unknown) => (isFairleadError(error, "CLAIM_HELD") ? undefined : error),
        );
      }),
    );
    const [winner, ...others] = outcomes.filter((outcome) => outcome !== undefined);
    expect(others).toEqual([]);
    expect(await stores[0]?.claimOf(key)).toBe(winner);
    const { items } = await scene.open().list({ prefix: `deployment/${String(round)}/`, limit: 1_000 });
    expect(items.map(({ name }) => name)).toEqual([winner]);
  }
}, 180_000);

test("of a hundred who want a lease, through four stores, exactly one gets it, and a fence falls with it", async (context) => {
  proves(context, "end to end", "I3");
  const scene = await createScene();
  const stores = Array.from({ length: 4 }, () => scene.open());
  let token: number | undefined;
  for (let round = 0; round < 10; round += 1) {
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, racer) => {
        const request = { name: "deployment/1", holder: { racer }, ttl: 60_000, ...(token === undefined ? {} : { takeOver: token }) };
        return stores[racer % stores.length]?.leases.acquire(request);
      }),
    );
    const granted = answers.flatMap((answer) => (answer?.granted === true ? [answer.lease] : []));
    expect(granted).toHaveLength(1);
    expect(await stores[1]?.leases.read("deployment/1")).toEqual(granted[0]);
    if (token !== undefined) {
      const late = stores[2]?.commit(commitOf("a", round - 1, "late", { fence: { lease: "deployment/1", token } }));
      await expect(late).rejects.toMatchObject({ code: "LEASE_LOST" });
    }
    token = granted[0]?.token;
    if (token !== undefined) await stores[3]?.commit(commitOf("a", round, "mine", { fence: { lease: "deployment/1", token } }));
  }
});

test("no commit passes a fence that falls while it is made", async () => {
  const scene = await createScene();
  const [one, other] = [scene.open(), scene.open()];
  let version = 0;
  let answer = await one.leases.acquire({ name: "lease", holder: { term: 0 }, ttl: 60_000 });
  for (let term = 1; term <= 40; term += 1) {
    const { token } = answer.granted ? answer.lease : answer.held;
    const begun = version;
    const writes = Array.from({ length: 5 }, (_, index) =>
      one.commit(commitOf("a", begun + index, String(token), { fence: { lease: "lease", token } })).then(
        () => undefined,
        (error: unknown) => error,
      ),
    );
    answer = await other.leases.acquire({ name: "lease", holder: { term }, ttl: 60_000, takeOver: token });
    // Whoever took over has seen everything that the one before will ever have written.
    const seen = (await other.read("a")).length;
    const refused = (await Promise.all(writes)).filter((error) => error !== undefined);
    expect(refused.every((error) => isFairleadError(error, "LEASE_LOST"))).toBe(true);
    version = (await other.read("a")).length;
    expect(version).toBe(seen);
  }
});
