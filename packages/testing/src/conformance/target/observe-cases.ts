import assert from "node:assert/strict";
import type { Cases } from "../suite.js";
import { callOf, inputOf, newKey, prepare, promote, question, type TargetFixture } from "./fixture.js";

/** `observe`: what came of a key, whoever asks. */
export const observeCases = {
  "a key that was never used is absent": async ({ target, component, witness }) => {
    assert.deepEqual(await target.observe({ ...component, key: newKey() }, question()), { status: "absent" });
    assert.equal(await witness.candidates(), 0);
  },

  "a candidate is found by its key": async (fixture) => {
    const { candidate, key } = await prepare(fixture, 1);
    await prepare(fixture, 2);
    assert.deepEqual(await fixture.target.observe({ ...fixture.component, key }, question()), { status: "applied", candidate });
  },

  "a candidate is found by its key from another process": async (fixture) => {
    const { candidate, key } = await prepare(fixture, 1);
    const other = await fixture.again();
    assert.deepEqual(await other.observe({ ...fixture.component, key }, question()), { status: "applied", candidate });
  },

  "a candidate is found by its key also when it serves": async (fixture) => {
    const { candidate, key } = await prepare(fixture, 1);
    await promote(fixture, candidate);
    assert.deepEqual(await fixture.target.observe({ ...fixture.component, key }, question()), { status: "applied", candidate });
  },

  "while a candidate is being made, nothing says that it failed or is gone": async (fixture, { soon }) => {
    const input = await inputOf(fixture, 1);
    const other = await fixture.again();
    const seen: string[] = [];
    const making = fixture.target.prepare(input, callOf(fixture, input.key)).then(() => "ready" as const);
    making.catch(() => undefined);
    const watching = async (): Promise<void> => {
      const { status } = await other.observe({ ...fixture.component, key: input.key }, question());
      seen.push(status);
      const pause = new Promise((resolve) => setTimeout(resolve, 2));
      if ((await Promise.race([making, pause])) !== "ready") await watching();
    };
    await soon("the candidate", watching());
    const order = ["absent", "in-progress", "applied"];
    assert.deepEqual(
      seen,
      [...seen].sort((one, next) => order.indexOf(one) - order.indexOf(next)),
    );
    assert.deepEqual(
      seen.filter((status) => !order.includes(status)),
      [],
    );
    assert.equal((await other.observe({ ...fixture.component, key: input.key }, question())).status, "applied");
  },

  "observing changes nothing": async (fixture) => {
    const { key } = await prepare(fixture, 1);
    await fixture.target.observe({ ...fixture.component, key }, question());
    await fixture.target.observe({ ...fixture.component, key: newKey() }, question());
    assert.equal(await fixture.witness.candidates(), 1);
    assert.deepEqual(await fixture.witness.serving(), []);
  },
} satisfies Cases<TargetFixture>;
