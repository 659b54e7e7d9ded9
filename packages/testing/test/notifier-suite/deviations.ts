import { fail, isFairleadError, type CallOptions, type Notification, type Receipt } from "@fairlead/core";
import type { NotifierCase } from "../../src/conformance/notifier-suite.js";
import { doorOf, fakeChannelErrors } from "../../src/fakes/fake-channel.js";
import { textOf } from "../../src/fakes/fake-notifier.js";
import { secret, type Deviation } from "./fake-subject.js";

/** A notifier that differs from the good one in one behaviour, and the cases that must notice. */
interface Deviating {
  readonly deviation: Deviation;
  readonly fails: readonly NotifierCase[];
}

/** Hands on another notification than it was given. */
function changing(change: (notification: Notification) => Notification): Deviation {
  return (good) => ({ deliver: (notification, call) => good.deliver(change(notification), call) });
}

/** Ends a delivery that failed in another way. */
function failing(otherwise: (error: unknown, again: () => Promise<Receipt>, call: CallOptions) => Promise<Receipt>): Deviation {
  return (good) => ({
    deliver: (notification, call) =>
      good.deliver(notification, call).catch((error: unknown) => {
        call.signal.throwIfAborted();
        return otherwise(error, () => good.deliver(notification, call), call);
      }),
  });
}

const unaborted = new AbortController().signal;

export const deviations: Readonly<Record<string, Deviating>> = {
  "says nothing about itself": {
    deviation: () => ({ description: " " }),
    fails: ["it says what it is"],
  },
  "leaves out the text": {
    deviation: changing((notification) => ({ ...notification, text: "" })),
    fails: [
      "a message arrives once, with all that it says",
      "signs that mean something elsewhere are shown as they are",
      "what is too long is cut, not refused",
      "a cut leaves no broken sign",
    ],
  },
  "leaves out the links": {
    deviation: changing((notification) => ({ ...notification, links: [] })),
    fails: ["a message arrives once, with all that it says"],
  },
  "needs a text": {
    deviation: (good) => ({
      async deliver(notification, call) {
        if (notification.text === "") throw fail(fakeChannelErrors, "FAKE_MESSAGE_REFUSED", { problem: "it has no text." });
        return good.deliver(notification, call);
      },
    }),
    fails: ["a title alone is a message"],
  },
  "delivers only what is bad": {
    deviation: (good) => ({
      deliver: async (notification, call) => (notification.severity === "info" ? {} : good.deliver(notification, call)),
    }),
    fails: ["messages of every severity arrive"],
  },
  "delivers the second message first": {
    deviation: (good) => {
      let delivered = 0;
      let waiting: (() => Promise<Receipt>) | undefined;
      return {
        async deliver(notification, call) {
          if (delivered === 1 && notification.title.startsWith("Deployment 2 ")) {
            waiting = () => good.deliver(notification, call);
            return {};
          }
          const receipt = await good.deliver(notification, call);
          delivered += 1;
          await waiting?.();
          waiting = undefined;
          return receipt;
        },
      };
    },
    fails: ["messages arrive in the order in which they were delivered"],
  },
  "delivers one message at a time and drops the others": {
    deviation: (good) => {
      let busy = false;
      return {
        async deliver(notification, call) {
          if (busy) return {};
          busy = true;
          try {
            await new Promise((resolve) => setTimeout(resolve, 1));
            return await good.deliver(notification, call);
          } finally {
            busy = false;
          }
        },
      };
    },
    fails: ["messages that are delivered at once all arrive"],
  },
  "takes messages that say the same for one": {
    deviation: (good) => {
      const seen = new Set<string>();
      return {
        async deliver(notification, call) {
          const { id: _, ...said } = notification;
          const receipt = seen.has(JSON.stringify(said)) ? {} : await good.deliver(notification, call);
          seen.add(JSON.stringify(said));
          return receipt;
        },
      };
    },
    fails: ["two messages that say the same are two"],
  },
  "keys a message by what it says": {
    deviation: changing((notification) => ({ ...notification, id: JSON.stringify({ ...notification, id: "" }) })),
    fails: ["two messages that say the same are two", "a repeated message is no second one where the channel recognises it"],
  },
  "does not say what its messages are recognised by": {
    deviation: changing((notification) => ({ ...notification, id: crypto.randomUUID() })),
    fails: [
      "a repeated message is no second one where the channel recognises it",
      "a message whose answer was lost is worth another attempt, and is then no second one where the channel recognises it",
    ],
  },
  "recognises only what it delivered itself": {
    deviation: (good) => {
      const instance = crypto.randomUUID();
      return { deliver: (notification, call) => good.deliver({ ...notification, id: `${instance}/${notification.id}` }, call) };
    },
    fails: [
      "a repeated message is no second one where the channel recognises it",
      "a message whose answer was lost is worth another attempt, and is then no second one where the channel recognises it",
    ],
  },
  "names another message in its receipt": {
    deviation: (good) => ({
      async deliver(notification, call) {
        await good.deliver(notification, call);
        return { reference: notification.id };
      },
    }),
    fails: ["the receipt names the message as the channel does"],
  },
  "hands on markup as it is": {
    deviation: (_, channel) => ({
      deliver: async (notification, { signal }) => ({
        reference: await doorOf(channel)({ text: textOf(notification), key: notification.id }, signal),
      }),
    }),
    fails: ["markup in a message mentions nobody and hides no address", "signs that mean something elsewhere are shown as they are"],
  },
  "escapes what needs no escape": {
    deviation: changing((notification) => ({ ...notification, text: notification.text.replaceAll("<", "&lt;") })),
    fails: ["signs that mean something elsewhere are shown as they are"],
  },
  "leaves the cutting to the channel": {
    deviation: (_, channel) => ({
      async deliver({ id, title, text, fields, links }, { signal }) {
        const lines = [title, ...[...fields.map(({ name, value }) => `${name}: ${value}`), ...links.map(({ url }) => url)], text];
        const plain = lines.join("\n").replaceAll(/[\\@]/g, String.raw`\$&`);
        return { reference: await doorOf(channel)({ text: plain, key: id }, signal) };
      },
    }),
    fails: ["what is too long is cut, not refused", "a cut leaves no broken sign"],
  },
  "cuts characters in two": {
    deviation: changing((notification) => ({ ...notification, text: `${notification.text.slice(0, 1_001)}…` })),
    fails: ["a cut leaves no broken sign"],
  },
  "cuts escapes in two": {
    deviation: changing((notification) => ({
      ...notification,
      text: notification.text.replaceAll("&", "&amp;").slice(0, 998).replaceAll("&amp;", "&"),
    })),
    fails: ["a cut leaves no broken sign"],
  },
  "calls everything refused": {
    deviation: failing(async () => {
      throw fail(fakeChannelErrors, "FAKE_MESSAGE_REFUSED", { problem: "it failed." });
    }),
    fails: [
      "a channel that cannot be reached is worth another attempt",
      "a channel that takes nothing now is worth another attempt",
      "when a channel says for how long it takes nothing, that is handed on in milliseconds",
      "a channel that does not exist any more is said to be gone",
      "a message whose answer was lost is worth another attempt, and is then no second one where the channel recognises it",
    ],
  },
  "calls everything busy": {
    deviation: failing(async (error) => {
      const { retryAfter } = isFairleadError(error) ? error : {};
      throw fail(fakeChannelErrors, "FAKE_CHANNEL_BUSY", {}, retryAfter === undefined ? {} : { retryAfter });
    }),
    fails: [
      "a message that is refused for good is not worth another attempt, and the channel goes on",
      "a channel that does not exist any more is said to be gone",
    ],
  },
  "says nothing of a failure": {
    deviation: failing(async () => ({})),
    fails: [
      "a channel that cannot be reached is worth another attempt",
      "a channel that takes nothing now is worth another attempt",
      "when a channel says for how long it takes nothing, that is handed on in milliseconds",
      "a message that is refused for good is not worth another attempt, and the channel goes on",
      "a channel that does not exist any more is said to be gone",
      "a message whose answer was lost is worth another attempt, and is then no second one where the channel recognises it",
    ],
  },
  "hands on seconds": {
    deviation: failing(async (error) => {
      if (!isFairleadError(error) || error.retryAfter === undefined) throw error;
      throw fail(fakeChannelErrors, "FAKE_CHANNEL_BUSY", {}, { retryAfter: error.retryAfter / 1_000 });
    }),
    fails: ["when a channel says for how long it takes nothing, that is handed on in milliseconds"],
  },
  "never delivers again once it was refused": {
    deviation: (good) => {
      let refused = false;
      return {
        async deliver(notification, call) {
          if (refused) return {};
          return good.deliver(notification, call).catch((error: unknown) => {
            refused = isFairleadError(error, "FAKE_MESSAGE_REFUSED");
            throw error;
          });
        },
      };
    },
    fails: ["a message that is refused for good is not worth another attempt, and the channel goes on"],
  },
  "delivers what was aborted": {
    deviation: (good) => ({
      async deliver(notification, { signal, log }) {
        if (!signal.aborted) return good.deliver(notification, { signal, log });
        await good.deliver(notification, { signal: unaborted, log });
        throw fail(fakeChannelErrors, "FAKE_CHANNEL_UNREACHABLE", {});
      },
    }),
    fails: ["a delivery that was aborted before it began delivers nothing"],
  },
  "hangs after an abort": {
    deviation: (good) => ({
      async deliver(notification, { signal, log }) {
        signal.throwIfAborted();
        return good.deliver(notification, { signal: unaborted, log });
      },
    }),
    fails: ["an abort ends a delivery soon, and nothing arrives later"],
  },
  "delivers later what was given up": {
    deviation: (good) => {
      const givenUp: Notification[] = [];
      return {
        async deliver(notification, call) {
          call.signal.throwIfAborted();
          for (const late of givenUp.splice(0)) await good.deliver(late, call);
          return good.deliver(notification, call).catch((error: unknown) => {
            if (call.signal.aborted) givenUp.push(notification);
            throw error;
          });
        },
      };
    },
    fails: ["an abort ends a delivery soon, and nothing arrives later"],
  },
  "says in its errors where it delivers to": {
    deviation: failing(async (error) => {
      if (!isFairleadError(error, "FAKE_MESSAGE_REFUSED")) throw error;
      throw fail(fakeChannelErrors, "FAKE_MESSAGE_REFUSED", { problem: `https://channel.example/hooks/${secret}` });
    }),
    fails: ["nothing that it says holds a secret"],
  },
  "logs where it delivers to": {
    deviation: (good) => ({
      deliver(notification, call) {
        call.log.info("delivers", { to: Buffer.from(secret).toString("base64") });
        return good.deliver(notification, call);
      },
    }),
    fails: ["nothing that it says holds a secret"],
  },
};
