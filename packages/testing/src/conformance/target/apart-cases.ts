import assert from "node:assert/strict";
import type { ComponentReference } from "@fairlead/core";
import type { Cases } from "../suite.js";
import { prepare, promote, question, release, serves, type Prepared, type TargetFixture } from "./fixture.js";

/** What a target does for one component of one environment is nobody else's. */
export const apartCases = {
  "another environment is left alone": (fixture) => staysApart(fixture, { environment: `${fixture.component.environment}-other` }),
  "another component is left alone": (fixture) => staysApart(fixture, { component: `${fixture.component.component}-other` }),
} satisfies Cases<TargetFixture>;

async function staysApart(here: TargetFixture, difference: Partial<ComponentReference>): Promise<void> {
  const component = { ...here.component, ...difference };
  const elsewhere = { ...here, component, target: await here.again(component) };
  const first = await release(here, 1);
  assert.equal(await elsewhere.target.current(component, question()), undefined, "what serves here is said to serve there");

  const second = await release(elsewhere, 2);
  await serves(here, first);
  assert.ok(!(await retains(here, second)), "what serves there is retained here");
  const third = await prepare(here, 3);
  await promote(here, third.candidate, first.candidate);
  await serves(here, third);
  const there = await elsewhere.target.current(component, question());
  assert.deepEqual({ id: there?.candidate.id, settled: there?.settled }, { id: second.candidate.id, settled: true });
  assert.ok(!(await retains(elsewhere, first)), "what served here is retained there");
}

async function retains({ target, component }: TargetFixture, { candidate: { id } }: Prepared): Promise<boolean> {
  const retained = await target.retained(component, question());
  return retained.some(({ candidate }) => candidate.id === id);
}
