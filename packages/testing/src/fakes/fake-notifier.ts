import type { Notification, Notifier } from "@fairlead/core";
import { createFakeChannel, doorOf, longestMessage, type FakeChannel } from "./fake-channel.js";

export interface FakeNotifierOptions {
  /** Where it delivers to. Default: an empty one of its own. */
  readonly channel?: FakeChannel;
  /** Whether the channel is told what to recognise a repeated message by. Default true. */
  readonly keyed?: boolean;
}

/** A notifier that keeps the contract and tells nobody, and its channel. */
export interface FakeNotifier extends Notifier {
  readonly channel: FakeChannel;
}

/** Makes a notifier in memory that keeps the contract. What it delivered is in `notifier.channel.messages`; `notifier.channel.fault` makes deliveries go wrong. */
export function createFakeNotifier({ channel = createFakeChannel(), keyed = true }: FakeNotifierOptions = {}): FakeNotifier {
  const take = doorOf(channel);
  return {
    channel,
    description: "fake channel",
    keyed,
    async deliver(notification, { signal }) {
      const text = plain(textOf(notification));
      return { reference: await take(keyed ? { text, key: notification.id } : { text }, signal) };
    },
  };
}

/** What people read of a notification in a fake channel: the beginning of each part. */
export function textOf({ title, text, fields, links }: Notification): string {
  const lines = [
    beginning(title, 200),
    ...fields.slice(0, 10).map(({ name, value }) => beginning(`${name}: ${value}`, 100)),
    ...links.map(({ name, url }) => `${name}: ${url}`),
    text,
  ];
  return beginning(lines.filter((line) => line !== "").join("\n"), longestMessage);
}

/** At most `length` characters of a text, none cut in two. */
function beginning(text: string, length: number): string {
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, "");
}

/** Takes what the channel's markup means from a text. */
function plain(text: string): string {
  return text.replaceAll(/[\\@]/g, String.raw`\$&`);
}
