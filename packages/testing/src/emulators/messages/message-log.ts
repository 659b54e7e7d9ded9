import { createHash } from "node:crypto";
import type { Json } from "@fairlead/core";

/** A message that a channel took. */
export interface MessageRecord {
  /** 1, 2, 3 … since the start or the last reset. */
  readonly number: number;
  readonly at: number;
  readonly channel: "slack" | "discord" | "webhook";
  /** The provider's id of it. */
  readonly id: string;
  /** The sender's idempotency key, where the channel has one: `webhook-id`. */
  readonly key?: string;
  /** The key came before; without a key: the same payload came before on this channel. */
  readonly duplicate: boolean;
  /** All that a person would read, as plain text. */
  readonly text: string;
  /** The last payload. */
  readonly payload: Json;
  /** How often it was edited. */
  readonly edits: number;
}

type Entry = { -readonly [Key in keyof MessageRecord]: MessageRecord[Key] } & { deleted?: boolean; digest: string };

/** The messages of all channels, in order of arrival. */
export interface MessageLog {
  add(message: Pick<MessageRecord, "at" | "channel" | "id" | "text" | "payload"> & { readonly key?: string }): MessageRecord;
  find(channel: MessageRecord["channel"], id: string): MessageRecord | undefined;
  edit(id: string, text: string, payload: Json): void;
  remove(id: string): void;
  list(): readonly MessageRecord[];
  snapshot(): unknown;
  restore(snapshot: unknown): void;
}

export function createMessageLog(): MessageLog {
  let entries: Entry[] = [];
  const find = (id: string): Entry | undefined => entries.find((entry) => entry.id === id && entry.deleted !== true);
  return {
    add(message) {
      const digest = createHash("sha256").update(JSON.stringify(message.payload)).digest("hex");
      const duplicate = entries.some(
        (entry) => entry.channel === message.channel && (message.key === undefined ? entry.digest === digest : entry.key === message.key),
      );
      const entry: Entry = { number: entries.length + 1, ...message, duplicate, edits: 0, digest };
      entries.push(entry);
      return toRecord(entry);
    },
    find(channel, id) {
      const entry = find(id);
      return entry?.channel === channel ? toRecord(entry) : undefined;
    },
    edit(id, text, payload) {
      const entry = find(id);
      if (entry === undefined) return;
      Object.assign(entry, { text, payload, edits: entry.edits + 1 });
    },
    remove(id) {
      const entry = find(id);
      if (entry !== undefined) entry.deleted = true;
    },
    list: () => entries.filter(({ deleted }) => deleted !== true).map((entry) => toRecord(entry)),
    snapshot: () => structuredClone(entries),
    restore(snapshot) {
      entries = snapshot === undefined ? [] : structuredClone(snapshot as Entry[]);
    },
  };
}

function toRecord({ digest: _digest, deleted: _deleted, ...record }: Entry): MessageRecord {
  return record;
}
