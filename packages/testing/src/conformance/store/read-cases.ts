import assert from "node:assert/strict";
import type { JsonObject } from "@fairlead/core";
import type { Cases } from "../suite.js";
import { commitOf, event, typesOf, write, type StoreFixture } from "./fixture.js";

const alphabets: JsonObject = {
  "Grüße, 你好, שלום": "👩‍🚀 e\u0301 é ﷽ \u2028\u2029",
  quotes: `' " \` \\ \\u0041 %s $1 ? ;--`,
  controls: "\u0000\u0001\t\r\n\u001b[31m\u007f",
  // Half of an emoji, as a log line that was cut has it.
  half: "\ud83d",
  nested: [{ "": null }, [], [[true, false]], -0.5, 1e21, 9_007_199_254_740_991],
};

/** Reading events back. */
export const readCases = {
  "events come back as they were written": async ({ store }) => {
    const written = [
      event("one", { step: "web.prepare", attempt: 1 }),
      { ...event("two"), at: "2026-01-02T03:04:05.679Z", hash: "sha256:another" },
    ];
    await store.commit({ streams: [{ name: "deployment/shop/1", expectedVersion: 0, events: written }] });
    const events = await store.read("deployment/shop/1");
    assert.deepEqual(
      events.map(({ position: _, ...rest }) => rest),
      written.map((one, index) => ({ ...one, stream: "deployment/shop/1", version: index + 1 })),
    );
  },

  "a stream that was never written has no events": async ({ store }) => {
    await store.commit(commitOf(write("a", 0, ["one"])));
    assert.deepEqual(await store.read("b"), []);
    assert.deepEqual(await store.read("a/"), []);
  },

  "reading begins behind a version": async ({ store }) => {
    await store.commit(commitOf(write("a", 0, ["one", "two", "three"])));
    assert.deepEqual(typesOf(await store.read("a", { after: 0 })), ["one", "two", "three"]);
    assert.deepEqual(typesOf(await store.read("a", { after: 1 })), ["two", "three"]);
    assert.deepEqual(await store.read("a", { after: 3 }), []);
    assert.deepEqual(await store.read("a", { after: 9 }), []);
  },

  "reading ends at a limit": async ({ store }) => {
    await store.commit(commitOf(write("a", 0, ["one", "two", "three"])));
    assert.deepEqual(typesOf(await store.read("a", { limit: 2 })), ["one", "two"]);
    assert.deepEqual(typesOf(await store.read("a", { after: 1, limit: 1 })), ["two"]);
  },

  "text of every kind comes back unchanged": async ({ store }) => {
    await store.commit({
      streams: [{ name: "log/Grüße/👩‍🚀", expectedVersion: 0, events: [event("größe", alphabets)], summary: alphabets }],
    });
    const [found] = await store.read("log/Grüße/👩‍🚀");
    assert.deepEqual([found?.type, found?.data], ["größe", alphabets]);
    assert.deepEqual((await store.list({ prefix: "log/Grüße/" })).items, [{ name: "log/Grüße/👩‍🚀", version: 1, summary: alphabets }]);
  },

  "names are told apart by every character": async ({ store }) => {
    const names = ["a/x", "a/X", "A/x", "a/x ", "a/é", "a/e\u0301", "a/e", "a/ß", "a/ss"];
    for (const name of names) await store.commit(commitOf(write(name, 0, [name])));
    for (const name of names) assert.deepEqual(typesOf(await store.read(name)), [name]);
  },

  "an event of megabytes comes back unchanged": async ({ store }) => {
    const data = {
      text: "0123456789abcdeé".repeat(100_000),
      lines: Array.from({ length: 2_000 }, (_, line) => ({ line, text: "built" })),
    };
    await store.commit({ streams: [{ name: "a", expectedVersion: 0, events: [event("big", data)] }] });
    const [found] = await store.read("a");
    assert.deepEqual(found?.data, data);
  },

  "a thousand events of one commit come back in order": async ({ store }) => {
    const types = Array.from({ length: 1_000 }, (_, index) => `event-${String(index)}`);
    await store.commit(commitOf(write("a", 0, types)));
    assert.deepEqual(typesOf(await store.read("a")), types);
  },

  "members that are undefined are as if absent": async ({ store }) => {
    await store.commit({
      streams: [
        { name: "a", expectedVersion: 0, events: [event("one", { gone: undefined, kept: null })], summary: { gone: undefined, kept: 1 } },
      ],
    });
    assert.deepEqual((await store.read("a"))[0]?.data, { kept: null });
    assert.deepEqual((await store.list({ prefix: "a" })).items[0]?.summary, { kept: 1 });
  },

  "what a writer changes afterwards does not change the store": async ({ store }) => {
    const data = { steps: ["web.prepare"] };
    const summary = { phase: "running" };
    await store.commit({ streams: [{ name: "a", expectedVersion: 0, events: [event("one", data)], summary }] });
    data.steps.push("web.promote");
    summary.phase = "succeeded";
    assert.deepEqual((await store.read("a"))[0]?.data, { steps: ["web.prepare"] });
    assert.deepEqual((await store.list({ prefix: "a" })).items[0]?.summary, { phase: "running" });
  },
} satisfies Cases<StoreFixture>;
