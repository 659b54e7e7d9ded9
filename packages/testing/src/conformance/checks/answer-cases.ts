import assert from "node:assert/strict";
import type { CheckResult } from "@fairlead/core";
import { recordedCall } from "../call.js";
import { holdNoSecret } from "../secrecy.js";
import type { Cases } from "../suite.js";
import { ask, askInTroubles, run, subjectOf, type ChecksFixture } from "./fixture.js";

/** What checks answer, and how they stop. */
export const answerCases = {
  "what is well is up": async (fixture) => {
    for (const check of fixture.checks) isUp(check.name, await ask(fixture, check));
  },

  "what is down is said to be down, with a reason, and not thrown": async (fixture) => {
    for (const check of fixture.checks) {
      for (const { trouble, result } of await askInTroubles(fixture, check)) {
        assert.equal(result.status, "down", `${trouble}: ${JSON.stringify(result)}`);
        assert.ok(result.reason !== undefined, `${trouble}: no reason is given`);
      }
    }
  },

  "the same trouble has the same reason, whoever asks": async (fixture) => {
    const again = await fixture.again();
    for (const [index, check] of fixture.checks.entries()) {
      const reasons = (list: Awaited<ReturnType<typeof askInTroubles>>) =>
        list.map(({ trouble, result }) => `${trouble}: ${String(result.reason)}`);
      const before = reasons(await askInTroubles(fixture, check));
      for (const other of [check, again[index] ?? check]) assert.deepEqual(reasons(await askInTroubles(fixture, other)), before);
    }
  },

  "what is well again is up again": async (fixture) => {
    for (const check of fixture.checks) {
      await askInTroubles(fixture, check);
      isUp(check.name, await ask(fixture, check));
    }
  },

  "questions that are asked at once are all answered": async (fixture) => {
    for (const check of fixture.checks) {
      const results = await Promise.all(Array.from({ length: 10 }, () => ask(fixture, check)));
      for (const result of results) isUp(check.name, result);
    }
  },

  "a reason is a code, and an answer is JSON": async (fixture) => {
    for (const check of fixture.checks) {
      isWellFormed(check.name, await ask(fixture, check));
      for (const { trouble, result } of await askInTroubles(fixture, check)) isWellFormed(trouble, result);
    }
  },

  "a release is up only where it answers itself": async (fixture) => {
    for (const check of fixture.checks) {
      if (check.scope !== "candidate" || fixture.impostor === undefined) continue;
      const { status } = await ask(fixture, check, fixture.impostor);
      assert.notEqual(status, "up", `${check.name} calls up what does not answer`);
    }
  },

  "a question that was aborted before it began ends soon": async (fixture, { soon }) => {
    for (const check of fixture.checks) {
      const asked = run(fixture, check, recordedCall(AbortSignal.abort()));
      await soon(`the end of ${check.name}`, Promise.allSettled([asked]));
    }
  },

  "an abort ends a question that is not answered": async (fixture, { soon }) => {
    for (const check of fixture.checks) {
      const { silence, recover } = subjectOf(fixture, check);
      if (silence === undefined) continue;
      await silence();
      const abort = new AbortController();
      const asked = run(fixture, check, recordedCall(abort.signal));
      const ended = Promise.allSettled([asked]);
      await new Promise((resolve) => setTimeout(resolve, 20));
      abort.abort();
      const [outcome] = await soon(`the end of ${check.name}`, ended);
      if (outcome.status === "fulfilled") assert.notEqual(outcome.value.status, "up", `${check.name} calls up what does not answer`);
      await recover();
      isUp(check.name, await ask(fixture, check));
    }
  },

  "nothing that it says holds a secret": async (fixture, { soon }) => {
    const said: unknown[] = [];
    for (const check of fixture.checks) {
      const { troubles, recover } = subjectOf(fixture, check);
      for (const begin of [() => undefined, ...Object.values(troubles)]) {
        const call = recordedCall();
        await begin();
        const answer = run(fixture, check, call).catch((error: unknown) => error);
        said.push(await soon(`an answer of ${check.name}`, answer), ...call.lines);
        await recover();
      }
    }
    await holdNoSecret(fixture.secrets, said);
  },
} satisfies Cases<ChecksFixture>;

function isUp(what: string, result: CheckResult): void {
  assert.equal(result.status, "up", `${what} says ${JSON.stringify(result)}`);
}

function isWellFormed(what: string, { status, reason, message, hint, data, ...rest }: CheckResult): void {
  assert.ok(["up", "degraded", "down"].includes(status), `${what} says ${status}`);
  if (reason !== undefined) assert.match(reason, /^[a-z0-9_]+$/, `${what}: "${reason}" is no code`);
  for (const text of [message, hint])
    assert.ok(text === undefined || (typeof text === "string" && text.trim() !== ""), `${what}: ${String(text)}`);
  if (data !== undefined) assert.deepEqual(JSON.parse(JSON.stringify(data)), data, `${what}: its data are no JSON`);
  assert.deepEqual(rest, {}, `${what} says what nobody reads`);
}
