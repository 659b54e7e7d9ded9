import assert from "node:assert/strict";
import type { OutboxMessage, Store } from "@fairlead/core";
import type { Cases } from "../suite.js";
import { brief, commitOf, pass, write, type StoreFixture } from "./fixture.js";
import { messageAbout, queue, subjectsOf, take } from "./message.js";

const late = { code: "SLACK_RATE_LIMITED", message: "try later" };

async function find(store: Store, what: string): Promise<OutboxMessage | undefined> {
  return (await store.outbox.list({ application: "shop" })).find(({ id }) => id === `msg_${what}`);
}

/** Messages on their way out. */
export const outboxCases = {
  "a message comes out as it went in": async ({ store }) => {
    const message = messageAbout("one");
    const before = await store.now();
    await queue(store, message);
    const after = await store.now();
    const [taken] = await take(store);
    assert.ok(taken);
    const { createdAt, nextAt, lease, ...rest } = taken;
    assert.deepEqual(rest, { ...message, state: "pending", attempts: 0 });
    assert.ok(createdAt >= Math.floor(before) && createdAt <= after && nextAt <= after);
    assert.equal(lease?.holder, "worker");
    assert.deepEqual(await find(store, "one"), taken);
  },

  "who delivers a message is told while they do": async ({ store }) => {
    await queue(store, messageAbout("one"));
    assert.equal((await find(store, "one"))?.lease, undefined);
    const before = await store.now();
    await take(store, { holder: "first", ttl: 60_000 });
    const { holder, until = 0 } = (await find(store, "one"))?.lease ?? {};
    assert.equal(holder, "first");
    assert.ok(until >= before + 60_000 && until <= (await store.now()) + 60_001, "the time that was asked for");
    await store.outbox.settle("msg_one", "first", { state: "pending", delay: 0, error: late });
    assert.equal((await find(store, "one"))?.lease, undefined);
    await take(store);
    await store.outbox.settle("msg_one", "worker", { state: "delivered" });
    assert.equal((await find(store, "one"))?.lease, undefined);
  },

  "what a dead holder had is due at once, and that of nobody else": async ({ store }) => {
    await queue(store, messageAbout("one"));
    await take(store, { holder: "dead" });
    await queue(store, messageAbout("two"));
    await take(store, { holder: "alive" });
    const [taken, ...others] = await take(store, { holder: "next", takeOver: ["dead", "unknown"] });
    assert.deepEqual([taken?.id, taken?.lease?.holder, others], ["msg_one", "next", []]);
    await store.outbox.settle("msg_one", "dead", { state: "dead", error: late });
    assert.equal((await find(store, "one"))?.state, "pending");
    assert.deepEqual(await take(store, { holder: "third", takeOver: ["dead"] }), []);
  },

  "a lane gives its oldest message and then waits for it": async ({ store }) => {
    await queue(store, messageAbout("one", { lane: "a" }), messageAbout("two", { lane: "a" }), messageAbout("three", { lane: "a" }));
    assert.deepEqual(subjectsOf(await take(store)), ["one"]);
    assert.deepEqual(subjectsOf(await take(store)), []);
    await store.outbox.settle("msg_one", "worker", { state: "delivered" });
    assert.deepEqual(subjectsOf(await take(store)), ["two"]);
    await store.outbox.settle("msg_two", "worker", { state: "delivered" });
    assert.deepEqual(subjectsOf(await take(store)), ["three"]);
  },

  "messages of one commit leave a lane in their order": async ({ store }) => {
    const messages = ["z", "a", "m"].map((what) => messageAbout(what, { lane: "a" }));
    await store.commit(commitOf(write("a", 0, ["queued"]), { outbox: messages }));
    const order: string[] = [];
    for (const _ of messages) {
      const [taken] = await take(store);
      assert.ok(taken);
      order.push(...subjectsOf([taken]));
      await store.outbox.settle(taken.id, "worker", { state: "delivered" });
    }
    assert.deepEqual(order, ["z", "a", "m"]);
  },

  "lanes do not wait for each other": async ({ store }) => {
    await queue(
      store,
      messageAbout("a1", { lane: "a" }),
      messageAbout("a2", { lane: "a" }),
      messageAbout("b1", { lane: "b" }),
      messageAbout("elsewhere", { lane: "a", environment: "staging" }),
    );
    assert.deepEqual(subjectsOf(await take(store)).sort(), ["a1", "b1"]);
    assert.deepEqual(subjectsOf(await take(store, { environment: "staging" })), ["elsewhere"]);
  },

  "a lane waits for its oldest message also if others may deliver it": async ({ store }) => {
    await queue(store, messageAbout("mail", { lane: "a", channel: "email" }), messageAbout("slack", { lane: "a" }));
    assert.deepEqual(subjectsOf(await take(store)), []);
    assert.deepEqual(subjectsOf(await take(store, { channels: ["slack", "email"] })), ["mail"]);
  },

  "a message that failed holds its lane until it is due again": async (fixture) => {
    const { store } = fixture;
    await queue(store, messageAbout("one", { lane: "a" }), messageAbout("two", { lane: "a" }));
    await take(store);
    const before = await store.now();
    await store.outbox.settle("msg_one", "worker", { state: "pending", delay: brief, error: late });
    assert.deepEqual(subjectsOf(await take(store)), []);
    const waiting = await find(store, "one");
    assert.deepEqual([waiting?.state, waiting?.attempts, waiting?.error], ["pending", 1, late]);
    assert.ok((waiting?.nextAt ?? 0) >= before + brief);
    await pass(fixture, brief);
    const again = await take(store);
    assert.deepEqual(
      again.map(({ id, attempts, error }) => [id, attempts, error]),
      [["msg_one", 1, late]],
    );
  },

  "a delay may be a fraction of a millisecond": async (fixture) => {
    const { store } = fixture;
    await queue(store, messageAbout("one"));
    await take(store, { ttl: 1_000.25 });
    await store.outbox.settle("msg_one", "worker", { state: "pending", delay: brief + 0.75, error: late });
    await pass(fixture, brief + 1);
    assert.deepEqual(subjectsOf(await take(store)), ["one"]);
  },

  "what was delivered is remembered, and comes no more": async ({ store }) => {
    await queue(store, messageAbout("one"));
    await take(store);
    await store.outbox.settle("msg_one", "worker", { state: "pending", delay: 0, error: late });
    await take(store);
    await store.outbox.settle("msg_one", "worker", { state: "delivered", reference: "1700000000.000100" });
    const delivered = await find(store, "one");
    assert.deepEqual([delivered?.state, delivered?.attempts, delivered?.reference], ["delivered", 2, "1700000000.000100"]);
    assert.ok(delivered && !("error" in delivered), "a delivery has no error");
    assert.deepEqual(await take(store), []);
  },

  "a dead message lets its lane go on": async ({ store }) => {
    await queue(store, messageAbout("one", { lane: "a" }), messageAbout("two", { lane: "a" }));
    await take(store);
    await store.outbox.settle("msg_one", "worker", { state: "dead", error: late });
    assert.deepEqual(subjectsOf(await take(store)), ["two"]);
    const dead = await find(store, "one");
    assert.deepEqual([dead?.state, dead?.attempts, dead?.error], ["dead", 1, late]);
  },

  "a message that is not settled in time is due again": async (fixture) => {
    const { store } = fixture;
    await queue(store, messageAbout("one"));
    assert.deepEqual(subjectsOf(await take(store, { holder: "first", ttl: brief })), ["one"]);
    assert.deepEqual(subjectsOf(await take(store, { holder: "second" })), []);
    await pass(fixture, brief);
    const [again] = await take(store, { holder: "second" });
    assert.deepEqual([again?.id, again?.attempts], ["msg_one", 0]);
  },

  "a message that is being delivered is given to nobody, its own holder included": async ({ store }) => {
    await queue(store, messageAbout("one"));
    assert.deepEqual(subjectsOf(await take(store)), ["one"]);
    assert.deepEqual(subjectsOf(await take(store)), []);
    assert.deepEqual(subjectsOf(await take(store, { holder: "another" })), []);
  },

  "a result counts only from who has the message": async (fixture) => {
    const { store } = fixture;
    await queue(store, messageAbout("one"));
    await store.outbox.settle("msg_one", "worker", { state: "delivered" });
    await take(store, { holder: "first", ttl: brief });
    await store.outbox.settle("msg_one", "second", { state: "delivered" });
    await pass(fixture, brief);
    await take(store, { holder: "second" });
    await store.outbox.settle("msg_one", "first", { state: "dead", error: late });
    assert.deepEqual([(await find(store, "one"))?.state, (await find(store, "one"))?.attempts], ["pending", 0]);
    await store.outbox.settle("msg_one", "second", { state: "delivered" });
    await store.outbox.settle("msg_one", "second", { state: "dead", error: late });
    await store.outbox.settle("msg_nobody", "second", { state: "delivered" });
    assert.deepEqual([(await find(store, "one"))?.state, (await find(store, "one"))?.attempts], ["delivered", 1]);
  },

  "a result counts although its time ran out, if nobody else has the message": async (fixture) => {
    const { store } = fixture;
    await queue(store, messageAbout("one"));
    await take(store, { ttl: brief });
    await pass(fixture, brief);
    await store.outbox.settle("msg_one", "worker", { state: "delivered" });
    assert.equal((await find(store, "one"))?.state, "delivered");
  },

  "a message with a key that is known is dropped": async ({ store }) => {
    const again = { dedupeKey: "key-of-one" };
    await queue(store, messageAbout("one"), messageAbout("other", again));
    assert.deepEqual(subjectsOf(await take(store)), ["one"]);
    await store.outbox.settle("msg_one", "worker", { state: "delivered" });
    const { versions } = await store.commit(
      commitOf(write("a", 0, ["queued"]), { outbox: [messageAbout("late", again), messageAbout("new")] }),
    );
    assert.deepEqual(versions, [1]);
    assert.deepEqual(subjectsOf(await take(store)), ["new"]);
    assert.deepEqual(subjectsOf(await store.outbox.list({ application: "shop" })), ["new", "one"]);
  },

  "two messages of one commit with the same key are one": async ({ store }) => {
    const same = { dedupeKey: "same" };
    await store.commit(commitOf(write("a", 0, ["queued"]), { outbox: [messageAbout("one", same), messageAbout("two", same)] }));
    assert.deepEqual(subjectsOf(await take(store)), ["one"]);
  },

  "a worker gets messages of its application, environment and channels alone": async ({ store }) => {
    await queue(
      store,
      messageAbout("mine"),
      messageAbout("application", { application: "blog" }),
      messageAbout("environment", { environment: "staging" }),
      messageAbout("channel", { channel: "email" }),
    );
    assert.deepEqual(subjectsOf(await take(store, { channels: [] })), []);
    assert.deepEqual(subjectsOf(await take(store, { channels: ["pager", "slack"] })), ["mine"]);
    assert.deepEqual(subjectsOf(await take(store, { application: "blog" })), ["application"]);
    assert.deepEqual(subjectsOf(await take(store, { channels: ["email"] })), ["channel"]);
  },

  "a worker gets as many messages as it asks for, the oldest first": async ({ store }) => {
    const names = ["1", "2", "3", "4", "5"];
    await queue(store, ...names.map((what) => messageAbout(what)));
    assert.deepEqual(subjectsOf(await take(store, { limit: 2 })), ["1", "2"]);
    assert.deepEqual(subjectsOf(await take(store, { limit: 9 })), ["3", "4", "5"]);
  },

  "of twenty workers each message goes to one": async ({ store }) => {
    const names = Array.from({ length: 30 }, (_, index) => String(index));
    await queue(store, ...names.map((what) => messageAbout(what)));
    const taken = await Promise.all(Array.from({ length: 20 }, (_, index) => take(store, { holder: `worker-${String(index)}`, limit: 3 })));
    assert.deepEqual(
      subjectsOf(taken.flat()).sort((left, right) => Number(left) - Number(right)),
      names,
    );
  },

  "messages are listed by application, environment and state, the newest first": async ({ store }) => {
    await queue(
      store,
      messageAbout("1"),
      messageAbout("2"),
      messageAbout("3", { environment: "staging" }),
      messageAbout("4", { application: "blog" }),
    );
    await take(store, { limit: 1 });
    await store.outbox.settle("msg_1", "worker", { state: "delivered" });
    const list = async (query: object): Promise<string[]> => subjectsOf(await store.outbox.list({ application: "shop", ...query }));
    assert.deepEqual(await list({}), ["3", "2", "1"]);
    assert.deepEqual(await list({ environment: "production" }), ["2", "1"]);
    assert.deepEqual(await list({ state: "pending" }), ["3", "2"]);
    assert.deepEqual(await list({ state: "delivered" }), ["1"]);
    assert.deepEqual(await list({ state: "dead" }), []);
    assert.deepEqual(await list({ limit: 2 }), ["3", "2"]);
    assert.deepEqual(await list({ application: "blog" }), ["4"]);
  },

  "dead messages are made pending again, and only those": async ({ store }) => {
    await queue(store, messageAbout("one", { lane: "a" }), messageAbout("two", { lane: "a" }), messageAbout("three"), messageAbout("four"));
    await take(store, { limit: 2 });
    await store.outbox.settle("msg_one", "worker", { state: "dead", error: late });
    await store.outbox.settle("msg_three", "worker", { state: "delivered" });
    assert.equal(await store.outbox.revive(["msg_one", "msg_one", "msg_three", "msg_four", "msg_nobody"]), 1);
    const revived = await find(store, "one");
    assert.deepEqual([revived?.state, revived?.attempts], ["pending", 0]);
    assert.deepEqual(subjectsOf(await take(store)), ["one", "four"]);
    assert.equal((await find(store, "three"))?.state, "delivered");
  },
} satisfies Cases<StoreFixture>;
