import * as fc from "fast-check";
import { matrixCases, proves } from "@fairlead/test-support";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { play } from "./play.js";
import { scripts, scriptsWith, type Script } from "./script.js";

/** What the witness, the ledger and the end of each play hold everything against. */
const proved = [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 16, 17, 20, 21, 23, 24].map((number) => `I${number}` as const);

/** What has nothing to do with when something takes effect, which is told by clocks of processes. */
const ofHolders =
  /with token|no newer|under way at once|has the claim|began with|in between|journal says|listed as|is not in its journal|stands for/;

/** The properties of the engine, each with 120 scripts for each of the seeds. They are tests of the file that calls this, which puts `determined-ids` and `determined-process` in place. */
export function defineEngineProperties({ first, last }: { readonly first: number; readonly last: number }): void {
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
    Array.from({ length: last - first + 1 }, (_, index) => first + index),
    { sample: 1 },
  );

  test.for(seeds)("whatever happens to the processes, the outside and the people: seed %i", async (seed, context) => {
    proves(context, "property", ...proved);
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(scripts, async (script) => {
        const { violations, phases } = await play(script);
        for (const phase of phases) seen.add(phase);
        expect(violations).toEqual([]);
      }),
      { seed, numRuns: 100, asyncReporter: report },
    );
    expect([...seen]).toEqual(expect.arrayContaining(["succeeded", "rolled_back"]));
  });

  test.for(seeds)("however far clocks jump there is one holder, and one account of it: seed %i", async (seed, context) => {
    proves(context, "property", "I22");
    const hour = 3_600_000;
    await fc.assert(
      fc.asyncProperty(scriptsWith([-24 * hour, -hour, -60_000, 60_000, hour, 24 * hour]), async (script) => {
        const { violations } = await play(script);
        expect(violations.filter((violation) => ofHolders.test(violation))).toEqual([]);
      }),
      { seed, numRuns: 20, asyncReporter: report },
    );
  });
}

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
