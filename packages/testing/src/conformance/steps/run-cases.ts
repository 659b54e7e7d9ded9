import assert from "node:assert/strict";
import { holdNoSecret } from "../secrecy.js";
import type { Cases } from "../suite.js";
import { inputOf, newKey, observe, ofAnother, run, stands, stepCall, type StepsFixture } from "./fixture.js";

/** `run` and `observe`: one key, one effect, and whoever asks is told. */
export const runCases = {
  "a step that is run has its effect once": async (fixture) => {
    for (const step of fixture.steps) {
      await stands(fixture, step, 0);
      await run(step, newKey());
      await stands(fixture, step, 1);
    }
  },

  "its output is JSON": async ({ steps }) => {
    for (const step of steps) {
      const output = await run(step, newKey());
      if (output !== undefined) assert.deepEqual(JSON.parse(JSON.stringify(output)), output, `${step.id}: its output is no JSON`);
    }
  },

  "a keyed or natural step that is run again with its key has its effect once, from another process too": async (fixture) => {
    for (const step of fixture.steps) {
      if (step.idempotency === "none") continue;
      const key = newKey();
      await run(step, key);
      await run(step, key);
      await run(await ofAnother(fixture, step), key);
      await stands(fixture, step, 1);
    }
  },

  "a natural step has its effect once, whatever the key": async (fixture) => {
    for (const step of fixture.steps) {
      if (step.idempotency !== "natural") continue;
      await run(step, newKey());
      await run(step, newKey());
      await stands(fixture, step, 1);
    }
  },

  "a step that must not be done twice can be observed": async ({ steps }) => {
    for (const step of steps) {
      if (step.idempotency !== "none") continue;
      assert.equal(typeof Reflect.get(step, "observe"), "function", `${step.id}: nobody could tell whether it was done`);
    }
  },

  "what was never run is absent": async (fixture) => {
    for (const step of fixture.steps) {
      const observation = await observe(step, newKey());
      assert.ok(observation === undefined || observation.status === "absent", `${step.id} is said to be ${String(observation?.status)}`);
    }
  },

  "what was run is applied, and its output is known, whoever asks": async (fixture) => {
    for (const step of fixture.steps) {
      const key = newKey();
      const output = await run(step, key);
      for (const one of [step, await ofAnother(fixture, step)]) {
        const observation = await observe(one, key);
        if (observation === undefined) continue;
        assert.equal(observation.status, "applied", `${step.id} is said to be ${observation.status}`);
        if (observation.output !== undefined) assert.deepEqual(observation.output, output);
      }
    }
  },

  "observing changes nothing": async (fixture) => {
    for (const step of fixture.steps) {
      const key = newKey();
      await observe(step, key);
      await stands(fixture, step, 0);
      await run(step, key);
      await observe(step, key);
      await stands(fixture, step, 1);
    }
  },

  "what was done although its answer was lost is not done again": async (fixture) => {
    for (const step of fixture.steps) {
      if (fixture.trouble === undefined) return;
      const key = newKey();
      await fixture.trouble.lossy();
      await assert.rejects(run(step, key), `${step.id}: it says that it knows`);
      await fixture.trouble.over();
      const observation = await observe(await ofAnother(fixture, step), key);
      if (observation !== undefined) assert.equal(observation.status, "applied", `${step.id} is said to be ${observation.status}`);
      if (step.idempotency !== "none") await run(step, key);
      await stands(fixture, step, 1);
    }
  },

  "a step that was aborted before it began does nothing": async (fixture, { soon }) => {
    for (const step of fixture.steps) {
      const aborted = step.run(inputOf(step), stepCall(newKey(), AbortSignal.abort()));
      await soon(`the refusal of ${step.id}`, assert.rejects(aborted));
      await stands(fixture, step, 0);
    }
  },

  "an abort ends a step that is not answered, and it has no effect later": async (fixture, { soon }) => {
    for (const step of fixture.steps) {
      if (fixture.trouble === undefined) return;
      const key = newKey();
      await fixture.trouble.silent();
      const abort = new AbortController();
      const ended = assert.rejects(step.run(inputOf(step), stepCall(key, abort.signal)));
      ended.catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 20));
      abort.abort();
      await soon(`the end of ${step.id}`, ended);
      await fixture.trouble.over();
      await stands(fixture, step, 0);
      await run(step, key);
      await stands(fixture, step, 1);
    }
  },

  "nothing that it says holds a secret": async (fixture) => {
    const said: unknown[] = [];
    for (const step of fixture.steps) {
      for (const begin of [undefined, fixture.trouble?.lossy]) {
        const call = stepCall(newKey());
        await begin?.();
        said.push(await step.run(inputOf(step), call).catch((error: unknown) => error));
        await fixture.trouble?.over();
        said.push(await step.observe?.(inputOf(step), call), ...call.lines);
      }
    }
    await holdNoSecret(fixture.secrets, said);
  },
} satisfies Cases<StepsFixture>;
