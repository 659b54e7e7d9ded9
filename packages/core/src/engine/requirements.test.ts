import { expect, test } from "vitest";
import type { Release } from "../contract/release.js";
import { streamNames } from "../journal/index.js";
import { memoryStore } from "../store/memory-store.js";
import { environmentWrite, readEnvironment } from "./environment-journal.js";
import { readRequirement } from "./requirements.js";

const release = (id: string, commit: string): Release => ({
  id,
  application: "api",
  createdAt: "2026-11-21T10:00:00Z",
  provenance: { commit },
  artifacts: {},
  migrations: [],
  contentDigest: "sha256:0",
});

/** An API that has served `rel_b`, then `rel_c`, and now serves what is said. */
async function storeWith(serving: Release) {
  const store = memoryStore();
  for (const next of [release("rel_b", "bbbbbbb1"), release("rel_c", "ccccccc1"), serving]) {
    const data = { cause: "deploy" as const, serving: { release: next, candidates: {}, deploymentId: "dep_1", at: next.createdAt } };
    const before = await readEnvironment(store, "api", "production");
    const write = environmentWrite(
      streamNames.environment("api", "production"),
      before,
      [{ type: "environment.changed", data }],
      next.createdAt,
    );
    await store.commit({ streams: [write] });
  }
  return store;
}

test.for([
  [{ release: "rel_c" }, true],
  [{ release: "ccccccc" }, true],
  [{ release: "rel_b" }, false],
  [{ release: "bbbbbbb" }, false],
  [{ atLeast: "rel_b" }, true],
  [{ atLeast: "bbbbbbb1" }, true],
  [{ atLeast: "ccccccc1" }, true],
  [{ atLeast: "rel_d" }, false],
  [{ atLeast: "ddddddd1" }, false],
  [{}, true],
] as const)("while rel_c serves, %j is met: %s", async ([wanted, met]) => {
  const store = await storeWith(release("rel_c", "ccccccc1"));
  const about = { application: "api", environment: "production", release: undefined, atLeast: undefined, ...wanted };
  expect(await readRequirement(store, about)).toMatchObject({ met, serving: "rel_c" });
});

test("what was taken back is required again", async () => {
  const store = await storeWith(release("rel_b", "bbbbbbb1"));
  const about = { application: "api", environment: "production", release: undefined };
  expect(await readRequirement(store, { ...about, atLeast: "ccccccc1" })).toEqual({
    met: false,
    serving: "rel_b",
    reason: "api serves rel_b in production, not ccccccc1 or a later one",
  });
});
