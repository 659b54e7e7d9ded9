import { matrixCases, postgres, proves, requireService } from "@fairlead/test-support";
import { afterAll, beforeAll, expect, test } from "vitest";
import { casesOf, playsOn, rehearse } from "./kills/plays.ts";
import { openStage, type Stage } from "./kills/stage.ts";
import { createTally } from "./kills/tally.ts";

const isWhole = process.env["FAIRLEAD_MATRIX"] === "full";
const tally = createTally();
let stage: Stage;

beforeAll(async () => {
  stage = await openStage({ lanes: isWhole ? 4 : 2, postgres: postgres.available });
});
afterAll(async () => {
  await stage.stop();
  console.log(tally.lines().join("\n"));
});

test.for(["sqlite", "postgres"] as const)(
  "wherever a process is killed, with %s the next one carries on, and nothing is done twice or left",
  { timeout: 30 * 60_000 },
  async (store, context) => {
    if (store === "postgres") requireService(context, postgres);
    proves(context, "end to end", "I4", "I5", "I6", "I10");
    const plays = matrixCases(playsOn(store), { sample: 2 });
    const rehearsals = await Promise.all(plays.map((play) => rehearse(stage, play)));
    const cases = matrixCases(casesOf(rehearsals), { sample: 4 });

    await Promise.all(cases.map((tried) => tally.judge(tried, stage.perform(tried.play, tried.deaths))));

    expect(tally.problems.map(([name, found]) => `${name}: ${found.join("; ")}`)).toEqual([]);
    if (isWhole) expect(cases.length).toBeGreaterThanOrEqual(250);
  },
);
