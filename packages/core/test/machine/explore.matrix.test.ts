import { matrixCases, proves } from "@fairlead/test-support";
import { expect, test } from "vitest";
import { explore } from "./explore.js";
import { longScenarios, scenarios } from "./scenarios.js";

const explorations = [...Object.entries(scenarios), ...matrixCases(Object.entries(longScenarios), { sample: 0 })];

test.for(explorations)("%s", { timeout: 5 * 60_000 }, ([name, { plan, limits, ends }], context) => {
  proves(context, "explored", "I4", "I5", "I6", "I7", "I8", "I9", "I10", "I11");
  const explored = explore(plan, limits);
  console.log(`${name}: ${String(explored.worlds)} worlds, ${String(explored.moves)} moves`);
  expect(explored.ends).toEqual(ends);
});
