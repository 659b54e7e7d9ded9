import assert from "node:assert/strict";
import type { Cases } from "../suite.js";
import { deliver, holds, notification, shown, type NotifierFixture } from "./fixture.js";

const signs = `"quoted" & 'so' <b> [x] (y) a_b_c \\ 100 % ~ äöü 🚢`;

/** What comes from anybody, and how much of it. */
export const textCases = {
  "signs that mean something elsewhere are shown as they are": async (fixture) => {
    await deliver(
      fixture.notifier,
      notification(1, { title: signs, text: `text ${signs}`, fields: [{ name: "Commit", value: `value ${signs}` }] }),
    );
    const [text] = await shown(fixture);
    holds(text, signs, `text ${signs}`, `value ${signs}`);
  },

  "markup in a message mentions nobody and hides no address": async (fixture) => {
    for (const [index, markup] of fixture.markup.entries()) {
      const fields = [{ name: markup, value: markup }];
      await deliver(fixture.notifier, notification(index, { title: `fix ${markup}`, text: `Merge ${markup} of ${markup}`, fields }));
    }
    const messages = await fixture.witness.messages();
    assert.equal(messages.length, fixture.markup.length);
    assert.deepEqual(
      messages.flatMap(({ obeyed }) => obeyed),
      [],
    );
  },

  "what is too long is cut, not refused": async (fixture) => {
    const long = {
      title: `The title ${"t".repeat(5_000)}`,
      text: `The text ${"x".repeat(50_000)}`,
      fields: Array.from({ length: 60 }, (_, index) => ({
        name: `Name ${String(index)} ${"n".repeat(500)}`,
        value: `value ${"v".repeat(5_000)}`,
      })),
      links: [],
    };
    await deliver(fixture.notifier, notification(1, long));
    const texts = await shown(fixture);
    assert.equal(texts.length, 1);
    holds(texts[0], "The title tttt", "The text xxxx", "Name 0 nnnn");
  },

  "a cut leaves no broken sign": async (fixture) => {
    // One sign more or less before it moves the place of the cut.
    const offsets = [0, 1, 2, 3, 4, 5];
    for (const [index, offset] of offsets.entries()) {
      await deliver(fixture.notifier, notification(index, { text: `${"-".repeat(offset)}${"&".repeat(30_000)}`, fields: [] }));
      await deliver(fixture.notifier, notification(100 + index, { text: `${"-".repeat(offset)}${"🚢".repeat(15_000)}`, fields: [] }));
    }
    const texts = await shown(fixture);
    assert.equal(texts.length, 2 * offsets.length);
    for (const text of texts) {
      assert.ok(text.isWellFormed(), `half a character: ${text.slice(-20)}`);
      const behind = /(?:&{2,}|🚢{2,})(.*)/u.exec(text)?.[1];
      assert.match(behind ?? "no sign at all", /^\P{L}{0,3}$/u, "something is left of a sign that was cut");
    }
  },
} satisfies Cases<NotifierFixture>;
