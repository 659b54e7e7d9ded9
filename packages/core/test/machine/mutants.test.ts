import { sourceFlags } from "@fairlead/test-support";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);

/** Shortcuts that tools of the field take, cut into our sources: each breaks a promise, and each is found to. */
const mutants = [
  {
    what: "a step is taken back only if it is known to have succeeded",
    file: "machine/backward.ts",
    from: `step?.reversibility === "undo")`,
    to: `step?.reversibility === "undo" && attemptOf(state, step, "forward").status === "succeeded")`,
    proof: "machine",
    found: "effects remain",
  },
  {
    what: "what was cut off is begun again without a look",
    file: "machine/attempts.ts",
    from: `  if (attempt.status === "started" && attempt.fence !== state.fence) {`,
    to: `  if (attempt.status === "started" && attempt.fence !== state.fence) {
      return [{ type: "attempt", step, direction, attempt: attempt.attempt + 1, notBefore: 0 }];`,
    proof: "machine",
    found: "was begun after the wish to stop",
  },
  {
    what: "writes are not fenced",
    file: "store/memory/commit.ts",
    from: "if (fence !== undefined && state.leases.get(fence.lease)?.token !== fence.token) {",
    to: "if (fence === null) {",
    proof: "store",
    found: "a commit with an older token is refused",
  },
  {
    what: "an attempt has no deadline",
    file: "machine/attempts.ts",
    from: "step.effect ? last + step.settle : 0",
    to: "0",
    proof: "machine",
    found: "took effect twice",
  },
  {
    what: "a deadline is not that of its attempt",
    file: "machine/attempts.ts",
    from: "state.deaths[attempt.fence] ?? attempt.deadline",
    to: "Object.values(state.deaths).at(-1) ?? attempt.deadline",
    proof: "machine",
    found: "took effect twice",
  },
  {
    what: "a lock lasts until it is given back",
    file: "store/memory/leases.ts",
    from: "held.expiresAt > now && held.token !== takeOver",
    to: "held.token !== takeOver",
    proof: "store",
    found: "lease",
  },
  {
    what: "the lock is given back on an error, and nothing is taken back",
    file: "machine/forward.ts",
    from: "if (state.intents.length === 0) {",
    to: "if (state.intents.length >= 0) {",
    proof: "machine",
    found: "with effects",
  },
  {
    what: "steps are taken back in the order in which they were done",
    file: "machine/backward.ts",
    from: "    .reverse();",
    to: "    ;",
    proof: "machine",
    found: "was taken back before",
  },
  {
    what: "who waits for people has the claim",
    file: "engine/companions.ts",
    from: `"deployment.claimed")) return`,
    to: `"deployment.created")) return`,
    proof: "waiting",
    found: "has the claim",
  },
];

/** What the proof says of the sources, with something cut out or not. */
async function prove(proof: string, cut?: Readonly<Record<"file" | "from" | "to", string>>): Promise<string> {
  const preload = cut === undefined ? [] : [`--import=${new URL("../support/cut-source.ts", import.meta.url).href}`];
  const script = fileURLToPath(new URL("support/prove.ts", import.meta.url));
  const { stdout } = await run(process.execPath, [...sourceFlags, ...preload, script, proof], {
    env: { ...process.env, ...(cut === undefined ? {} : { CUT: JSON.stringify(cut) }) },
  });
  return stdout.trim();
}

test.for([...new Set(mutants.map(({ proof }) => proof))])("the sources as they are pass: %s", { timeout: 180_000 }, async (proof) => {
  expect(await prove(proof)).toBe("");
});

test.for(mutants)("$what", { timeout: 180_000 }, async ({ proof, found, ...cut }) => {
  expect(await prove(proof, cut)).toContain(found);
});
