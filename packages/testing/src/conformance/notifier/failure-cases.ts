import assert from "node:assert/strict";
import { recordedCall } from "../call.js";
import { holdNoSecret } from "../secrecy.js";
import type { Cases } from "../suite.js";
import { deliver, notification, rejectionOf, shown, type NotifierFixture } from "./fixture.js";

/** What a notifier says when a channel does not take a message, and how it stops. */
export const failureCases = {
  "a channel that cannot be reached is worth another attempt": async (fixture) => {
    await fixture.trouble.unreachable();
    await isWorthAnother(fixture);
  },

  "a channel that takes nothing now is worth another attempt": async (fixture) => {
    await fixture.trouble.busy();
    await isWorthAnother(fixture);
  },

  "when a channel says for how long it takes nothing, that is handed on in milliseconds": async (fixture) => {
    if (fixture.trouble.limited === undefined) return;
    await fixture.trouble.limited(7_000);
    const { retryAfter } = await isWorthAnother(fixture);
    assert.ok(retryAfter !== undefined && Math.abs(retryAfter - 7_000) <= 1_000, `7000 ms were asked for, not ${String(retryAfter)}`);
  },

  "a message that is refused for good is not worth another attempt, and the channel goes on": async (fixture) => {
    await fixture.trouble.refusing();
    const error = await rejectionOf(deliver(fixture.notifier, notification(1)));
    assert.equal(error.retryable, false, `${error.code} says that trying again may help`);
    assert.notEqual(error.code, "NOTIFIER_CHANNEL_GONE");
    assert.deepEqual(await shown(fixture), []);
    await fixture.trouble.over();
    await deliver(fixture.notifier, notification(2));
    assert.equal((await shown(fixture)).length, 1);
  },

  "a channel that does not exist any more is said to be gone": async (fixture) => {
    if (fixture.trouble.gone === undefined) return;
    await fixture.trouble.gone();
    const error = await rejectionOf(deliver(fixture.notifier, notification(1)));
    assert.equal(error.code, "NOTIFIER_CHANNEL_GONE");
    assert.equal(error.retryable, false);
  },

  "a message whose answer was lost is worth another attempt, and is then no second one where the channel recognises it": async (
    fixture,
  ) => {
    await fixture.trouble.lossy();
    const error = await rejectionOf(deliver(fixture.notifier, notification(1)));
    assert.equal(error.retryable, true, `${error.code} says that trying again does not help`);
    await fixture.trouble.over();
    await deliver(await fixture.again(), notification(1));
    assert.equal((await shown(fixture)).length, fixture.notifier.keyed ? 1 : 2);
  },

  "a delivery that was aborted before it began delivers nothing": async (fixture, { soon }) => {
    await soon("the refusal", assert.rejects(fixture.notifier.deliver(notification(1), recordedCall(AbortSignal.abort()))));
    assert.deepEqual(await shown(fixture), []);
  },

  "an abort ends a delivery soon, and nothing arrives later": async (fixture, { soon }) => {
    await fixture.trouble.silent();
    const abort = new AbortController();
    const delivery = fixture.notifier.deliver(notification(1, { title: "given up" }), recordedCall(abort.signal));
    const ended = assert.rejects(delivery);
    ended.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 20));
    abort.abort();
    await soon("the end of the delivery", ended);
    await fixture.trouble.over();
    await deliver(fixture.notifier, notification(2, { title: "the next one" }));
    const texts = await shown(fixture);
    assert.equal(texts.length, 1);
    assert.ok(texts[0]?.includes("the next one"));
  },

  "nothing that it says holds a secret": async (fixture) => {
    const { notifier, trouble, secrets } = fixture;
    const call = recordedCall();
    const said: unknown[] = [notifier.description];
    const troubles = ["unreachable", "busy", "refusing", "gone", "lossy", "over"] as const;
    for (const [index, kind] of troubles.entries()) {
      await trouble.over();
      await trouble[kind]?.();
      said.push(await notifier.deliver(notification(index), call).catch((error: unknown) => error));
    }
    said.push(...said.map((one) => JSON.stringify(one)), ...call.lines);
    await holdNoSecret(secrets, said);
  },
} satisfies Cases<NotifierFixture>;

/** It rejects with an error that says so, nothing has arrived, and the next attempt delivers. */
async function isWorthAnother(fixture: NotifierFixture): Promise<{ readonly retryAfter?: number }> {
  const error = await rejectionOf(deliver(fixture.notifier, notification(1)));
  assert.equal(error.retryable, true, `${error.code} says that trying again does not help`);
  assert.deepEqual(await shown(fixture), []);
  await fixture.trouble.over();
  await deliver(fixture.notifier, notification(1));
  assert.equal((await shown(fixture)).length, 1);
  return error;
}
