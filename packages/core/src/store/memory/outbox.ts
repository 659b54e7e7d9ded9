import type { Outbox, OutboxMessage, OutboxResult } from "../../contract/store.js";
import { toPageSize } from "../paging.js";
import { keep, type MemoryMessage, type MemoryState } from "./state.js";

export function memoryOutbox(open: () => { readonly state: MemoryState; readonly now: number }): Outbox {
  return {
    async lease({ application, environment, channels, holder, ttl, limit }) {
      const { state, now } = open();
      const due = [...heads(state)].filter(
        ({ message, lease }) =>
          message.application === application &&
          message.environment === environment &&
          channels.includes(message.channel) &&
          message.nextAt <= now &&
          (lease === undefined || lease.until <= now),
      );
      return due.slice(0, limit).map(({ message }) => {
        state.messages.set(message.id, { message, lease: { holder, until: now + ttl } });
        return message;
      });
    },
    async settle(id, holder, result) {
      const { state, now } = open();
      const found = state.messages.get(id);
      if (found?.message.state !== "pending" || found.lease?.holder !== holder) return;
      state.messages.set(id, { message: keep(settled(found.message, result, now)) });
    },
    async list({ application, environment, state: wanted, limit }) {
      const found = [...open().state.messages.values()].map(({ message }) => message).reverse();
      return found
        .filter(
          (message) =>
            message.application === application &&
            (environment === undefined || message.environment === environment) &&
            (wanted === undefined || message.state === wanted),
        )
        .slice(0, toPageSize(limit));
    },
    async revive(ids) {
      const { state, now } = open();
      const dead = [...new Set(ids)].flatMap((id) => {
        const message = state.messages.get(id)?.message;
        return message?.state === "dead" ? [message] : [];
      });
      for (const message of dead)
        state.messages.set(message.id, { message: keep({ ...message, state: "pending", attempts: 0, nextAt: now }) });
      return dead.length;
    },
  };
}

/** The oldest pending message of each lane. */
function heads(state: MemoryState): Iterable<MemoryMessage> {
  const lanes = new Map<string, MemoryMessage>();
  for (const entry of state.messages.values()) {
    const { application, environment, lane, state: is } = entry.message;
    const key = JSON.stringify([application, environment, lane]);
    if (is === "pending" && !lanes.has(key)) lanes.set(key, entry);
  }
  return lanes.values();
}

function settled({ error: _, ...message }: OutboxMessage, result: OutboxResult, now: number): OutboxMessage {
  const attempts = message.attempts + 1;
  switch (result.state) {
    case "delivered":
      return { ...message, state: "delivered", attempts, ...(result.reference === undefined ? {} : { reference: result.reference }) };
    case "dead":
      return { ...message, state: "dead", attempts, error: result.error };
    case "pending":
      return { ...message, attempts, error: result.error, nextAt: Math.ceil(now + result.delay) };
  }
}
