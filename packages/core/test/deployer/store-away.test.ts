import { expect, test } from "vitest";
import { coreErrors } from "../../src/errors/core-errors.js";
import { fail } from "../../src/errors/fairlead-error.js";
import { memoryStore } from "../../src/store/memory-store.js";
import type { Store } from "../../src/index.js";
import { createScene } from "./scene.js";

const away = () => fail(coreErrors, "STORE_UNAVAILABLE", { store: "a store in memory", problem: "it does not answer." });

/** What the store does with a commit while it is away: it never hears of it, or makes it and its answer is lost. */
type Loss = "question" | "answer";

/** A store that is away for some commits of a deployment's journal, from the one with this number. */
function awayFrom(first: number, times: number, loss: Loss): { readonly store: Store; readonly commits: () => number } {
  const store = memoryStore();
  let commits = 0;
  let left = times;
  return {
    commits: () => commits,
    store: {
      ...store,
      commit: async (commit) => {
        if (!commit.streams.some(({ name }) => name.startsWith("deployment/"))) return store.commit(commit);
        commits += 1;
        if (commits < first || left === 0) return store.commit(commit);
        left -= 1;
        if (loss === "answer") await store.commit(commit);
        throw away();
      },
    },
  };
}

async function deployOn(store: Store, health: "up" | "down") {
  const { deployer, source, effects, health: answers } = createScene({ store });
  answers.candidate = health;
  const deployment = await deployer.deploy({ environment: "development", source: await source("one") });
  const { phase } = await deployment.result();
  const types: string[] = [];
  for await (const { type } of deployment.events()) types.push(type);
  await deployer.close();
  return { phase, types, effects };
}

test.each(["up", "down"] as const)(
  "a store that is away at any commit of a deployment whose candidate is %s costs nothing and makes nothing happen twice",
  async (health) => {
    const counted = awayFrom(0, 0, "question");
    const expected = await deployOn(counted.store, health);
    const moments = Array.from({ length: counted.commits() }, (_, index) => index + 1);
    expect(moments.length).toBeGreaterThan(4);
    const runs = moments.flatMap((moment) =>
      (["question", "answer"] as const).flatMap((loss) => [1, 3].map((times) => ({ moment, loss, times }))),
    );
    const found = await Promise.all(
      runs.map(async (run) => ({ run, ...(await deployOn(awayFrom(run.moment, run.times, run.loss).store, health)) })),
    );
    for (const { run, ...deployed } of found) expect({ run, ...deployed }).toEqual({ run, ...expected });
  },
);

test("a command whose store is away is refused at once: who gave it decides whether to give it again", async () => {
  const store = memoryStore();
  const { deployer, source } = createScene({
    store: { ...store, commit: (commit) => (commit.fence === undefined ? Promise.reject(away()) : store.commit(commit)) },
    candidate: () => new Promise(() => undefined),
    environment: { verify: { within: "10s" } },
  });
  const { id } = await deployer.deploy({ environment: "development", source: await source("one") });
  await expect(deployer.abort({ deploymentId: id })).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  await deployer.close();
});
