import assert from "node:assert/strict";
import { toMilliseconds, type Check } from "@fairlead/core";
import type { Cases } from "../suite.js";
import type { ChecksFixture } from "./fixture.js";

/** What checks are, before anything is asked. */
export const declarationCases = {
  "every check has a name of its own, in kebab-case": async ({ checks }) => {
    const names = checks.map(({ name }) => name);
    assert.notEqual(names.length, 0);
    for (const name of names) assert.match(name, /^[a-z0-9]+(-[a-z0-9]+)*$/);
    assert.deepEqual(names, [...new Set(names)]);
  },

  "another process has the same checks": async ({ checks, again }) => {
    const declared = (list: readonly Check[]) =>
      list.map(({ name, scope, critical, timeout, interval }) => ({ name, scope, critical, timeout, interval }));
    assert.deepEqual(declared(await again()), declared(checks));
  },

  "the times of a check are durations": async ({ checks }) => {
    for (const { timeout = "2s", interval = "10s" } of checks) {
      for (const duration of [timeout, interval]) assert.ok(toMilliseconds(duration) > 0, `${duration} is no time`);
    }
  },
} satisfies Cases<ChecksFixture>;
