import { expect, test } from "vitest";
import { explore } from "./explore.js";
import { scenarios } from "./scenarios.js";

test.for(Object.entries(scenarios))("%s", ([name, { plan, limits, ends }]) => {
  const explored = explore(plan, limits);
  console.log(`${name}: ${String(explored.worlds)} worlds, ${String(explored.moves)} moves`);
  expect(explored.ends).toEqual(ends);
});
