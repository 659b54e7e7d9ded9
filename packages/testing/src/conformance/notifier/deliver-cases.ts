import assert from "node:assert/strict";
import type { Severity } from "@fairlead/core";
import type { Cases } from "../suite.js";
import { deliver, holds, notification, shown, type NotifierFixture } from "./fixture.js";

/** What arrives, and how often. */
export const deliverCases = {
  "it says what it is": async ({ notifier }) => {
    assert.notEqual(notifier.description.trim(), "");
    assert.equal(typeof notifier.keyed, "boolean");
  },

  "a message arrives once, with all that it says": async (fixture) => {
    const message = notification(1, {
      fields: [
        { name: "Release", value: "rel_1" },
        { name: "By", value: "ada@example.com" },
      ],
      links: [{ name: "Logs", url: "https://shop.example/logs?deployment=1&tail=2" }],
    });
    await deliver(fixture.notifier, message);
    const texts = await shown(fixture);
    assert.equal(texts.length, 1);
    holds(
      texts[0],
      message.title,
      message.text,
      "Release",
      "rel_1",
      "By",
      "ada@example.com",
      "https://shop.example/logs?deployment=1&tail=2",
    );
  },

  "a title alone is a message": async (fixture) => {
    const { deploymentId: _, ...bare } = notification(1, { text: "", fields: [] });
    await deliver(fixture.notifier, bare);
    const texts = await shown(fixture);
    assert.equal(texts.length, 1);
    holds(texts[0], bare.title);
  },

  "messages of every severity arrive": async (fixture) => {
    const severities: readonly Severity[] = ["info", "success", "warning", "error", "critical"];
    for (const [index, severity] of severities.entries()) await deliver(fixture.notifier, notification(index, { severity }));
    assert.equal((await shown(fixture)).length, severities.length);
  },

  "messages arrive in the order in which they were delivered": async (fixture) => {
    const messages = [notification(1), notification(2), notification(3)];
    for (const message of messages) await deliver(fixture.notifier, message);
    const texts = await shown(fixture);
    assert.equal(texts.length, messages.length);
    for (const [index, { title }] of messages.entries()) holds(texts[index], title);
  },

  "messages that are delivered at once all arrive": async (fixture) => {
    const messages = Array.from({ length: 5 }, (_, index) => notification(index));
    await Promise.all(messages.map((message) => deliver(fixture.notifier, message)));
    const texts = (await shown(fixture)).join("\n");
    for (const { title } of messages) holds(texts, title);
    assert.equal((await shown(fixture)).length, messages.length);
  },

  "two messages that say the same are two": async (fixture) => {
    const { id } = notification(2);
    await deliver(fixture.notifier, notification(1));
    await deliver(fixture.notifier, notification(1, { id }));
    assert.equal((await shown(fixture)).length, 2);
  },

  "a repeated message is no second one where the channel recognises it": async (fixture) => {
    if (!fixture.notifier.keyed) return;
    await deliver(fixture.notifier, notification(1));
    await deliver(await fixture.again(), notification(1));
    await deliver(fixture.notifier, notification(1, { title: "The same message, worded anew" }));
    assert.equal((await shown(fixture)).length, 1);
  },

  "the receipt names the message as the channel does": async (fixture) => {
    const receipt = await deliver(fixture.notifier, notification(1));
    assert.deepEqual(receipt, JSON.parse(JSON.stringify(receipt)));
    if (receipt.reference === undefined) return;
    assert.notEqual(receipt.reference, "");
    const [message] = await fixture.witness.messages();
    if (message?.reference !== undefined) assert.equal(receipt.reference, message.reference);
  },
} satisfies Cases<NotifierFixture>;
