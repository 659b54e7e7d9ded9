import { coreErrors, fail, type OutboxMessage, type OutboxWrite, type Store } from "@fairlead/core";
import { changeMessages, everyMessage, withMessages, withOutbox, type Flaws } from "./flaw.js";

/** A store that puts messages into other lanes. */
function withLanes(store: Store, lanes: Map<string, string>, laneOf: (message: OutboxWrite) => string): Store {
  return withMessages(store, {
    in: (commit) =>
      changeMessages(commit, (message) => {
        if (!lanes.has(message.id)) lanes.set(message.id, message.lane);
        return { ...message, lane: laneOf(message) };
      }),
    out: (message) => ({ ...message, lane: lanes.get(message.id) ?? message.lane }),
  });
}

export const outboxFlaws: Flaws = {
  "forgets the links of a message": {
    breaks: (store) => withMessages(store, { out: (message) => ({ ...message, notification: { ...message.notification, links: [] } }) }),
    fails: ["a message comes out as it went in"],
  },
  "gives every message a lane of its own": {
    breaks: (store, { notes }) => withLanes(store, notes, ({ id }) => id),
    fails: [
      "a lane gives its oldest message and then waits for it",
      "messages of one commit leave a lane in their order",
      "lanes do not wait for each other",
      "a lane waits for its oldest message also if others may deliver it",
      "a dead message lets its lane go on",
      "dead messages are made pending again, and only those",
    ],
  },
  "has one lane for everything": {
    breaks: (store, { notes }) => withLanes(store, notes, () => "lane"),
    fails: [
      "lanes do not wait for each other",
      "a worker gets messages of its application, environment and channels alone",
      "a worker gets as many messages as it asks for, the oldest first",
      "of twenty workers each message goes to one",
      "dead messages are made pending again, and only those",
    ],
  },
  "has a lane for each channel": {
    breaks: (store, { notes }) => withLanes(store, notes, ({ lane, channel }) => `${lane} ${channel}`),
    fails: ["a lane waits for its oldest message also if others may deliver it"],
  },
  "queues the messages of a commit from the last": {
    breaks: (store) => ({
      ...store,
      commit: (commit) => store.commit(commit.outbox === undefined ? commit : { ...commit, outbox: [...commit.outbox].reverse() }),
    }),
    fails: ["messages of one commit leave a lane in their order", "two messages of one commit with the same key are one"],
  },
  "lets a lane wait for a dead message": {
    breaks: (store) =>
      withOutbox(store, {
        lease: async (request) => {
          const dead = new Set((await everyMessage(store)).filter(({ state }) => state === "dead").map(({ lane }) => lane));
          return (await store.outbox.lease(request)).filter(({ lane }) => !dead.has(lane));
        },
      }),
    fails: ["a dead message lets its lane go on"],
  },
  "tries again at once": {
    breaks: (store) =>
      withOutbox(store, {
        settle: (id, holder, result) => store.outbox.settle(id, holder, result.state === "pending" ? { ...result, delay: 0 } : result),
      }),
    fails: ["a message that failed holds its lane until it is due again"],
  },
  "takes whole milliseconds alone": {
    breaks: (store) =>
      withOutbox(store, {
        settle: async (id, holder, result) => {
          if (result.state === "pending" && !Number.isInteger(result.delay))
            throw fail(coreErrors, "UNEXPECTED_ERROR", { problem: "not an integer" });
          await store.outbox.settle(id, holder, result);
        },
      }),
    fails: ["a delay may be a fraction of a millisecond"],
  },
  "forgets what went wrong": {
    breaks: (store) => withMessages(store, { out: ({ error: _, ...message }) => message }),
    fails: ["a message that failed holds its lane until it is due again", "a dead message lets its lane go on"],
  },
  "keeps the last error of what was delivered": {
    breaks: (store) => {
      const errors = new Map<string, OutboxMessage["error"] & object>();
      const kept = withMessages(store, {
        out: (message) => {
          const error = errors.get(message.id);
          return error === undefined ? message : { ...message, error };
        },
      });
      return withOutbox(kept, {
        settle: (id, holder, result) => {
          if (result.state !== "delivered") errors.set(id, result.error);
          return store.outbox.settle(id, holder, result);
        },
      });
    },
    fails: ["what was delivered is remembered, and comes no more"],
  },
  "counts an attempt when it begins": {
    breaks: (store, { notes: begun }) => {
      const counted = (message: OutboxMessage): OutboxMessage => ({ ...message, attempts: Number(begun.get(message.id) ?? 0) });
      return withOutbox(store, {
        lease: async (request) => {
          const taken = await store.outbox.lease(request);
          for (const { id } of taken) begun.set(id, String(Number(begun.get(id) ?? 0) + 1));
          return taken.map(counted);
        },
        list: async (query) => (await store.outbox.list(query)).map(counted),
        revive: (ids) => {
          for (const id of ids) begun.delete(id);
          return store.outbox.revive(ids);
        },
      });
    },
    fails: [
      "a message comes out as it went in",
      "a message that failed holds its lane until it is due again",
      "a message that is not settled in time is due again",
      "a result counts only from who has the message",
    ],
  },
  "never gives a message a second time": {
    breaks: (store) => withOutbox(store, { lease: (request) => store.outbox.lease({ ...request, ttl: Number.MAX_SAFE_INTEGER / 2 }) }),
    fails: [
      "a message that is not settled in time is due again",
      "who delivers a message is told while they do",
      "a result counts only from who has the message",
    ],
  },
  "gives a holder again what it has": {
    breaks: (store) => {
      const has = new Map<string, OutboxMessage>();
      return withOutbox(store, {
        lease: async (request) => {
          const taken = await store.outbox.lease(request);
          const again = [...has].filter(([key]) => key.startsWith(`${request.holder} `)).map(([, message]) => message);
          for (const message of taken) has.set(`${request.holder} ${message.id}`, message);
          return [...again, ...taken].slice(0, request.limit);
        },
        settle: (id, holder, result) => {
          has.delete(`${holder} ${id}`);
          return store.outbox.settle(id, holder, result);
        },
      });
    },
    fails: [
      "a lane gives its oldest message and then waits for it",
      "lanes do not wait for each other",
      "a message that is being delivered is given to nobody, its own holder included",
      "a worker gets messages of its application, environment and channels alone",
      "a worker gets as many messages as it asks for, the oldest first",
    ],
  },
  "takes a result from anybody": {
    breaks: (store) => {
      const holders = new Map<string, string>();
      return withOutbox(store, {
        lease: async (request) => {
          const taken = await store.outbox.lease(request);
          for (const { id } of taken) holders.set(id, request.holder);
          return taken;
        },
        settle: (id, holder, result) => store.outbox.settle(id, holders.get(id) ?? holder, result),
      });
    },
    fails: ["a result counts only from who has the message", "what a dead holder had is due at once, and that of nobody else"],
  },
  "does not tell who delivers a message": {
    breaks: (store) => withMessages(store, { out: ({ lease: _, ...message }) => message }),
    fails: [
      "a message comes out as it went in",
      "who delivers a message is told while they do",
      "what a dead holder had is due at once, and that of nobody else",
    ],
  },
  "leaves a dead holder what it has": {
    breaks: (store) => withOutbox(store, { lease: ({ takeOver: _, ...request }) => store.outbox.lease(request) }),
    fails: ["what a dead holder had is due at once, and that of nobody else"],
  },
  "takes no result when the time is over": {
    breaks: (store) => {
      const ends = new Map<string, number>();
      return withOutbox(store, {
        lease: async (request) => {
          const taken = await store.outbox.lease(request);
          for (const { id } of taken) ends.set(id, (await store.now()) + request.ttl);
          return taken;
        },
        settle: async (id, holder, result) => {
          if ((ends.get(id) ?? 0) > (await store.now())) await store.outbox.settle(id, holder, result);
        },
      });
    },
    fails: ["a result counts although its time ran out, if nobody else has the message"],
  },
  "gives messages of any channel": {
    breaks: (store) =>
      withOutbox(store, {
        lease: async (request) => store.outbox.lease({ ...request, channels: (await everyMessage(store)).map(({ channel }) => channel) }),
      }),
    fails: [
      "a lane waits for its oldest message also if others may deliver it",
      "a worker gets messages of its application, environment and channels alone",
    ],
  },
  "gives messages of any environment": {
    breaks: (store) =>
      withOutbox(store, {
        lease: async (request) => {
          const environments = new Set((await everyMessage(store)).map(({ environment }) => environment));
          const taken = await Promise.all([...environments].map((environment) => store.outbox.lease({ ...request, environment })));
          return taken.flat().slice(0, request.limit);
        },
      }),
    fails: ["lanes do not wait for each other", "a worker gets messages of its application, environment and channels alone"],
  },
  "gives as many messages as it has": {
    breaks: (store) => withOutbox(store, { lease: (request) => store.outbox.lease({ ...request, limit: 1_000 }) }),
    fails: ["a worker gets as many messages as it asks for, the oldest first", "dead messages are made pending again, and only those"],
  },
  "gives the newest message first": {
    breaks: (store) => withOutbox(store, { lease: async (request) => (await store.outbox.lease(request)).toReversed() }),
    fails: ["a worker gets as many messages as it asks for, the oldest first", "dead messages are made pending again, and only those"],
  },
  "answers workers that ask at once alike": {
    breaks: (store) => {
      let asking: ReturnType<Store["outbox"]["lease"]> | undefined;
      return withOutbox(store, {
        lease: (request) => {
          asking ??= store.outbox.lease(request).finally(() => {
            asking = undefined;
          });
          return asking;
        },
      });
    },
    fails: ["of twenty workers each message goes to one"],
  },
  "lists messages of every state": {
    breaks: (store) => withOutbox(store, { list: ({ state: _, ...query }) => store.outbox.list(query) }),
    fails: ["messages are listed by application, environment and state, the newest first"],
  },
  "lists the oldest message first": {
    breaks: (store) =>
      withOutbox(store, {
        list: async ({ limit = 50, ...query }) => (await store.outbox.list({ ...query, limit: 1_000 })).toReversed().slice(0, limit),
      }),
    fails: ["a message with a key that is known is dropped", "messages are listed by application, environment and state, the newest first"],
  },
  "counts what it was asked to revive": {
    breaks: (store) =>
      withOutbox(store, {
        revive: async (ids) => {
          await store.outbox.revive(ids);
          return ids.length;
        },
      }),
    fails: ["dead messages are made pending again, and only those"],
  },
};
