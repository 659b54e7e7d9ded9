import type { OutboxLeaseRequest, OutboxMessage, OutboxWrite, Store } from "@fairlead/core";
import { commitOf, write } from "./fixture.js";

/** A message about something, in a lane of its own unless told otherwise. */
export function messageAbout(what: string, rest: Partial<OutboxWrite> = {}): OutboxWrite {
  const application = rest.application ?? "shop";
  const environment = rest.environment ?? "production";
  return {
    id: `msg_${what}`,
    dedupeKey: `key-of-${what}`,
    channel: "slack",
    lane: `lane-of-${what}`,
    application,
    environment,
    notification: {
      id: `msg_${what}`,
      event: "deployment.succeeded",
      severity: "success",
      title: `About ${what}`,
      text: "It went well.",
      fields: [{ name: "commit", value: "4f1d7e5" }],
      links: [{ name: "logs", url: "https://shop.example/logs" }],
      at: "2026-01-02T03:04:05.678Z",
      application,
      environment,
    },
    ...rest,
  };
}

/** Queues messages, each in a commit of its own. */
export async function queue(store: Store, ...messages: readonly OutboxWrite[]): Promise<void> {
  for (const message of messages)
    await store.commit(commitOf(write(`about/${message.id}/${message.dedupeKey}`, 0, ["queued"]), { outbox: [message] }));
}

/** What a worker gets to deliver. */
export function take(store: Store, request: Partial<OutboxLeaseRequest> = {}): Promise<readonly OutboxMessage[]> {
  return store.outbox.lease({
    application: "shop",
    environment: "production",
    channels: ["slack"],
    holder: "worker",
    ttl: 600_000,
    limit: 10,
    ...request,
  });
}

/** The ids of messages without what they all begin with. */
export function subjectsOf(messages: readonly OutboxMessage[]): string[] {
  return messages.map(({ id }) => id.replace(/^msg_/, ""));
}
