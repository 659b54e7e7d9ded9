import * as fc from "fast-check";
import { matrixCases } from "@fairlead/test-support";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { graveyard, play } from "./play.js";
import { scripts, type Script } from "./script.js";

// What is by chance in the engine would make a counter-example another one each time.
vi.mock("../../src/engine/process-identity.js", () => ({
  currentProcess: (name: string) => ({ name, host: "host", pid: 1, boot: "boot", started: name }),
  isProvenDead: ({ name }: { readonly name: string }) => graveyard.has(name),
}));
vi.mock("../../src/engine/ids.js", () => {
  let count = 0;
  const next = (kind: string, now: number): string => `${kind}_${String(now)}${String((count += 1)).padStart(9, "0")}`;
  return {
    createReleaseId: (clock: { now(): number }) => next("rel", clock.now()),
    createDeploymentId: (clock: { now(): number }) => next("dep", clock.now()),
  };
});
beforeEach(() => {
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});

// What is loaded when it is first needed takes true time.
beforeAll(async () => {
  const [script] = fc.sample(scripts, 1);
  if (script !== undefined) await play(script);
  await new Promise((resolve) => setTimeout(resolve, 100));
});

const seeds = matrixCases(
  Array.from({ length: 100 }, (_, index) => index + 1),
  { sample: 2 },
);

test.for(seeds)("whatever happens to the processes, the outside and the people: seed %i", async (seed) => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(scripts, async (script) => {
      const { violations, phases } = await play(script);
      for (const phase of phases) seen.add(phase);
      expect(violations).toEqual([]);
    }),
    { seed, numRuns: 100, asyncReporter: report },
  );
  expect([...seen]).toEqual(expect.arrayContaining(["succeeded", "rolled_back", "failed", "abandoned"]));
});

/** The shortest script that shows it, what happened in it, and how to play it again. */
async function report(details: fc.RunDetails<[Script]>): Promise<void> {
  if (!details.failed) return;
  const script = details.counterexample?.[0];
  if (script === undefined) throw new Error(fc.defaultReportMessage(details) ?? "nothing was played");
  const { violations, story } = await play(script);
  const { lines, ...rest } = script;
  throw new Error(
    [
      ...violations,
      "",
      ...Object.entries({ ...rest.setting, acts: rest.acts, asks: rest.asks }).map(([name, value]) => `${name}: ${JSON.stringify(value)}`),
      ...lines.map((line) => JSON.stringify(line)),
      "",
      ...story,
      "",
      `Again: { seed: ${String(details.seed)}, path: "${details.counterexamplePath ?? ""}", endOnFailure: true }`,
    ].join("\n"),
  );
}
