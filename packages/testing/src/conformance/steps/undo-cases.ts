import assert from "node:assert/strict";
import type { Cases } from "../suite.js";
import { inputOf, isReversible, newKey, observe, ofAnother, run, stands, stepCall, undo, type StepsFixture } from "./fixture.js";

/** `undo`, of steps that can be taken back: whatever is known about them, and however often. */
export const undoCases = {
  "what is taken back is gone, and is said to be": async (fixture) => {
    for (const step of fixture.steps.filter(isReversible)) {
      const key = newKey();
      await undo(step, key, await run(step, key));
      await stands(fixture, step, 0);
      const status = (await observe(step, key))?.status ?? "undone";
      assert.ok(status === "undone" || status === "absent", `${step.id} is said to be ${status}`);
    }
  },

  "taking back twice is taking back once, from another process too": async (fixture) => {
    for (const step of fixture.steps.filter(isReversible)) {
      const key = newKey();
      const output = await run(step, key);
      await undo(step, key, output);
      await undo(step, key, output);
      await undo(await ofAnother(fixture, step), key, output);
      await stands(fixture, step, 0);
    }
  },

  "what is taken back without knowing its output is gone": async (fixture) => {
    for (const step of fixture.steps.filter(isReversible)) {
      const key = newKey();
      await run(step, key);
      await undo(await ofAnother(fixture, step), key);
      await stands(fixture, step, 0);
    }
  },

  "taking back what was never done does nothing": async (fixture) => {
    for (const step of fixture.steps.filter(isReversible)) {
      await undo(step, newKey());
      await stands(fixture, step, 0);
    }
  },

  "what was taken back can be done by the next deployment": async (fixture) => {
    for (const step of fixture.steps.filter(isReversible)) {
      const key = newKey();
      await undo(step, key, await run(step, key));
      await run(step, newKey());
      await stands(fixture, step, 1);
    }
  },

  "an undo that was aborted before it began does nothing": async (fixture, { soon }) => {
    for (const step of fixture.steps.filter(isReversible)) {
      const key = newKey();
      const output = await run(step, key);
      const aborted = step.undo(inputOf(step), { ...stepCall(key, AbortSignal.abort()), output });
      await soon(`the refusal of ${step.id}`, assert.rejects(aborted));
      await stands(fixture, step, 1);
    }
  },
} satisfies Cases<StepsFixture>;
