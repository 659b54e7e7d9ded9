import { coreErrors, defineErrors, error, fail } from "@fairlead/core";

/** What fake channels answer with. */
export const fakeChannelErrors = defineErrors({
  FAKE_CHANNEL_BUSY: error({
    status: 503,
    retryable: true,
    message: () => "The fake channel was told to take no message now.",
    hint: () => "Look at the faults of the test.",
  }),
  FAKE_CHANNEL_UNREACHABLE: error({
    status: 502,
    retryable: true,
    message: () => "The fake channel was told not to answer.",
    hint: () => "Look at the faults of the test.",
  }),
  FAKE_MESSAGE_REFUSED: error<{ problem: string }>({
    status: 502,
    retryable: false,
    message: ({ problem }) => `The fake channel does not take the message: ${problem}`,
    hint: () => "Look at the faults of the test, and at the message.",
  }),
  FAKE_CHANNEL_FOREIGN: error({
    status: 500,
    retryable: false,
    message: () => "This is not a channel made by `createFakeChannel`.",
    hint: () => "Make one with `createFakeChannel()`, or leave it out.",
  }),
});

/** A message that a fake channel took. */
export interface FakeMessage {
  /** The channel's id of it. */
  readonly reference: string;
  /** As people read it. */
  readonly text: string;
  /** Names that it mentioned: `@name` does, `\@name` is plain text. */
  readonly mentions: readonly string[];
  /** What the sender recognises it by, where it said so. */
  readonly key?: string;
}

/**
 * What a fake channel is made to do wrong, once unless `every`. `busy`, `refused`, `gone`, `unreachable`: takes nothing and says so. `lost-response`: takes the message, and nobody hears of it.
 * `hang`: takes nothing and never answers.
 */
export interface FakeChannelFault {
  readonly kind: "busy" | "refused" | "gone" | "unreachable" | "lost-response" | "hang";
  /** With `busy`: how long it wants to be left alone, in milliseconds. */
  readonly retryAfter?: number;
  readonly every?: true;
}

/** The pretended channel that fake notifiers deliver to. Several notifiers on one channel are like several processes. */
export interface FakeChannel {
  /** What it took, the first message first. A message whose key came before is not there again. */
  readonly messages: readonly FakeMessage[];
  /** Lets the next delivery go wrong. */
  fault(fault: FakeChannelFault): void;
  /** Removes all faults. */
  clearFaults(): void;
}

/** A message on its way to a channel. In `text` a backslash makes the next character plain. */
export interface FakePost {
  readonly text: string;
  readonly key?: string;
}

/** Takes a message, or does what its fault says. Answers the message's id. */
export type TakeMessage = (post: FakePost, signal: AbortSignal) => Promise<string>;

/** Most characters that a message may show. */
export const longestMessage = 2_000;

const doors = new WeakMap<FakeChannel, TakeMessage>();

/** Makes an empty channel. It takes messages of at most 2000 characters. */
export function createFakeChannel(): FakeChannel {
  const messages: FakeMessage[] = [];
  let faults: FakeChannelFault[] = [];

  const take = ({ text: written, key }: FakePost): string => {
    const text = written.replace(/\\(.)/gsu, "$1");
    if (text.length > longestMessage) throw fail(fakeChannelErrors, "FAKE_MESSAGE_REFUSED", { problem: "it is too long." });
    const before = key === undefined ? undefined : messages.find((message) => message.key === key);
    if (before !== undefined) return before.reference;
    const mentions = [...written.matchAll(/(?<!\\)(?:\\\\)*@(\w+)/g)].flatMap(([, name]) => name ?? []);
    const reference = `fake-message-${String(messages.length + 1)}`;
    messages.push({ reference, text, mentions, ...(key === undefined ? {} : { key }) });
    return reference;
  };

  const channel: FakeChannel = {
    get messages() {
      return [...messages];
    },
    fault(fault) {
      faults.push(fault);
    },
    clearFaults() {
      faults = [];
    },
  };
  doors.set(channel, async (post, signal) => {
    signal.throwIfAborted();
    const [fault] = faults;
    if (fault !== undefined && fault.every !== true) faults = faults.slice(1);
    if (fault === undefined) return take(post);
    if (fault.kind === "lost-response") take(post);
    return goWrong(fault, signal);
  });
  return Object.freeze(channel);
}

/** How messages get into a channel; not for tests. */
export function doorOf(channel: FakeChannel): TakeMessage {
  const door = doors.get(channel);
  if (door === undefined) throw fail(fakeChannelErrors, "FAKE_CHANNEL_FOREIGN", {});
  return door;
}

async function goWrong({ kind, retryAfter }: FakeChannelFault, signal: AbortSignal): Promise<never> {
  switch (kind) {
    case "busy":
      throw fail(fakeChannelErrors, "FAKE_CHANNEL_BUSY", {}, retryAfter === undefined ? {} : { retryAfter });
    case "refused":
      throw fail(fakeChannelErrors, "FAKE_MESSAGE_REFUSED", { problem: "it was told to refuse it." });
    case "gone":
      throw fail(coreErrors, "NOTIFIER_CHANNEL_GONE", { channel: "fake", problem: "it was told to be gone." });
    case "unreachable":
    case "lost-response":
      throw fail(fakeChannelErrors, "FAKE_CHANNEL_UNREACHABLE", {});
    case "hang":
      return new Promise((_, reject) => {
        const onAbort = (): void => {
          reject(signal.reason as Error);
        };
        if (signal.aborted) onAbort();
        else signal.addEventListener("abort", onAbort, { once: true });
      });
  }
}
