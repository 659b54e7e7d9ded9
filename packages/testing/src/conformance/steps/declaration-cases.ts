import assert from "node:assert/strict";
import { toMilliseconds, type Stage, type StepDefinition } from "@fairlead/core";
import { holdNoSecret } from "../secrecy.js";
import type { Cases } from "../suite.js";
import type { StepsFixture } from "./fixture.js";

const stages: readonly Stage[] = [
  "preflight",
  "backup",
  "provision",
  "expand",
  "verify",
  "shift",
  "promote",
  "bake",
  "finalize",
  "contract",
];

/** What own steps are, before anything is done. */
export const declarationCases = {
  "every step has an id of its own, in kebab-case": async ({ steps }) => {
    const ids = steps.map(({ id }) => id);
    assert.notEqual(ids.length, 0);
    for (const id of ids) assert.match(id, /^[a-z0-9]+(-[a-z0-9]+)*$/);
    assert.deepEqual(ids, [...new Set(ids)]);
  },

  "a step says where it belongs, how often it is tried and how long it takes": async ({ steps }) => {
    for (const { id, stage, version = 1, attempts = 3, timeout = "60s", settle = "2s" } of steps) {
      assert.ok(stages.includes(stage), `${id}: there is no stage ${stage}`);
      for (const count of [version, attempts]) assert.ok(Number.isInteger(count) && count >= 1, `${id}: ${String(count)}`);
      assert.ok(toMilliseconds(timeout) > 0, `${id}: it has no time`);
      assert.ok(toMilliseconds(settle) >= 0, `${id}: ${settle}`);
    }
  },

  "another process has the same steps": async ({ steps, again }) => {
    assert.deepEqual((await again()).map(asPlanned), steps.map(asPlanned));
  },

  "the input of a step is JSON without secrets": async ({ steps, secrets }) => {
    for (const { id, input = {} } of steps) assert.deepEqual(JSON.parse(JSON.stringify(input)), input, `${id}: its input is no JSON`);
    await holdNoSecret(
      secrets,
      steps.map((step) => JSON.stringify(asPlanned(step))),
    );
  },
} satisfies Cases<StepsFixture>;

/** What of a step is pinned in the plan. */
function asPlanned(step: StepDefinition): object {
  return Object.fromEntries(Object.entries(step).filter(([, value]) => typeof value !== "function"));
}
