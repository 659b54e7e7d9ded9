import * as fc from "fast-check";
import { matrixCases } from "@fairlead/test-support";
import { beforeEach, expect, test, vi } from "vitest";
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

const seeds = matrixCases(
  Array.from({ length: 100 }, (_, index) => index + 1),
  { sample: 2 },
);

test.for(seeds)("whatever happens to the processes, the outside and the people: seed %i", async (seed) => {
  await fc.assert(
    fc.asyncProperty(scripts, async (script) => {
      expect((await play(script)).violations).toEqual([]);
    }),
    { seed, numRuns: 100, asyncReporter: report, interruptAfterTimeLimit: 600_000 },
  );
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
