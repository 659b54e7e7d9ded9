import type { Notifier } from "@fairlead/core";
import type { NotifierFixture } from "../../src/conformance/notifier/fixture.js";
import { createFakeChannel, type FakeChannel, type FakeChannelFault } from "../../src/fakes/fake-channel.js";
import { createFakeNotifier, type FakeNotifier } from "../../src/fakes/fake-notifier.js";

/** What a notifier does otherwise than the good one. Called once for each instance. */
export type Deviation = (good: FakeNotifier, channel: FakeChannel) => Partial<Notifier>;

export interface FakeFixtureOptions {
  readonly deviation?: Deviation;
  readonly keyed?: boolean;
}

/** What the fake channel would be found and signed in with. */
export const secret = "k3xQ-9vLm2-Zt7p";

/** A fake notifier, a good one unless it deviates, and its channel. */
export function createFixture({ deviation = () => ({}), keyed = true }: FakeFixtureOptions = {}): NotifierFixture {
  const channel = createFakeChannel();
  const again = (): Notifier => {
    const good = createFakeNotifier({ channel, keyed });
    return { ...good, ...deviation(good, channel) };
  };
  const always = (kind: FakeChannelFault["kind"]) => (): void => {
    channel.fault({ kind, every: true });
  };
  return {
    notifier: again(),
    again,
    markup: ["@everyone", "\\@here"],
    secrets: [secret],
    trouble: {
      unreachable: always("unreachable"),
      busy: always("busy"),
      limited: (retryAfter) => {
        channel.fault({ kind: "busy", retryAfter, every: true });
      },
      refusing: always("refused"),
      gone: always("gone"),
      silent: always("hang"),
      lossy: always("lost-response"),
      over: () => {
        channel.clearFaults();
      },
    },
    witness: {
      messages: async () => channel.messages.map(({ text, mentions, reference }) => ({ text, obeyed: mentions, reference })),
    },
    dispose: () => undefined,
  };
}

/** The same where the channel can say less. */
export function without(fixture: NotifierFixture): NotifierFixture {
  const { limited: _limited, gone: _gone, ...trouble } = fixture.trouble;
  return { ...fixture, trouble };
}
