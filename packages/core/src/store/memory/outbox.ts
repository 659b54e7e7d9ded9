import type { Outbox, OutboxMessage, OutboxResult } from "../../contract/store.js";
import { toPageSize } from "../paging.js";
import { keep, type MemoryState } from "./state.js";

export function memoryOutbox(open: () => { readonly state: MemoryState; readonly now: number }): Outbox {
  return {
    async lease({ application, environment, channels, holder, ttl, takeOver = [], limit }) {
      const { state, now } = open();
      const due = [...heads(state)].filter(
        ({ lease, ...message }) =>
          message.application === application &&
          message.environment === environment &&
          channels.includes(message.channel) &&
          message.nextAt <= now &&
          (lease === undefined || lease.until <= now || takeOver.includes(lease.holder)),
      );
      return due.slice(0, limit).map((message) => {
        const leased = keep({ ...message, lease: { holder, until: Math.ceil(now + ttl) } });
        state.messages.set(message.id, leased);
        return leased;
      });
    },
    async settle(id, holder, result) {
      const { state, now } = open();
      const message = state.messages.get(id);
      if (message?.state === "pending" && message.lease?.holder === holder) state.messages.set(id, keep(settled(message, result, now)));
    },
    async list({ application, environment, state: wanted, limit }) {
      const found = [...open().state.messages.values()].reverse();
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
        const message = state.messages.get(id);
        return message?.state === "dead" ? [message] : [];
      });
      for (const message of dead) state.messages.set(message.id, keep({ ...message, state: "pending", attempts: 0, nextAt: now }));
      return dead.length;
    },
  };
}

/** The oldest pending message of each lane. */
function heads(state: MemoryState): Iterable<OutboxMessage> {
  const lanes = new Map<string, OutboxMessage>();
  for (const message of state.messages.values()) {
    const key = JSON.stringify([message.application, message.environment, message.lane]);
    if (message.state === "pending" && !lanes.has(key)) lanes.set(key, message);
  }
  return lanes.values();
}

function settled({ error: _error, lease: _lease, ...message }: OutboxMessage, result: OutboxResult, now: number): OutboxMessage {
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
