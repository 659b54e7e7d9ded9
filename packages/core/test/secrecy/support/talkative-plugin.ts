import * as z from "zod";
import {
  defineErrors,
  definePlugin,
  fail,
  isSecretReference,
  secret,
  type Check,
  type DeployTarget,
  type Notification,
  type Notifier,
  type SecretReference,
} from "@fairlead/core";

/** What a provider answers when it echoes what it was sent. */
const talkativeErrors = defineErrors({
  TALKATIVE_REFUSED: {
    status: 502,
    retryable: false,
    message: ({ problem }: { problem: string }) => `The provider refused: ${problem}`,
    hint: ({ problem }: { problem: string }) => `Look at ${problem}.`,
  },
});

/** Ways in which a token turns up in what people and programs say. */
function mentions(token: string): readonly string[] {
  return [
    `Bearer ${token}`,
    JSON.stringify({ authorization: token }),
    `https://provider.example/?token=${encodeURIComponent(token)}`,
    Buffer.from(`user:${token}`).toString("base64"),
    Buffer.from(token).toString("hex"),
  ];
}

/** Everything that a plugin can say, it says with its token. `tell` gets what its channel gets, and answers how many that were; the first is refused. */
export function talkative(tell: (notification: Notification) => number) {
  return definePlugin({
    id: "talkative",
    provides: ["target", "checks", "notifier"],
    options: z.strictObject({ token: z.custom<SecretReference>(isSecretReference) }),
    setup: ({ token }, { log }) => {
      const said = mentions(token.reveal()).join(" | ");
      log.warn(`set up with ${said}`, { token: said });
      return { target: createTarget(said), checks: createChecks(said), notifier: createNotifier(said, tell) };
    },
  })({ token: secret("TOKEN") });
}

function createTarget(said: string): DeployTarget {
  const made = new Map<string, string>();
  let current: string | undefined;
  return {
    roles: ["web"],
    description: "a target that talks",
    prepare: async ({ key, release }, call) => {
      call.log.info(`uploading with ${said}`, { headers: { authorization: said } });
      const image = JSON.stringify(release.artifacts);
      if (image.includes("refused")) throw fail(talkativeErrors, "TALKATIVE_REFUSED", { problem: said });
      if (image.includes("broken"))
        throw new TypeError(`cannot read ${said}`, { cause: { request: { headers: { authorization: said } } } });
      if (!made.has(key)) made.set(key, `c${String(made.size + 1)}`);
      return { id: made.get(key) ?? "", url: `https://c.example/?token=${said}` };
    },
    observe: async ({ key }) => (made.has(key) ? { status: "applied", candidate: { id: made.get(key) ?? "" } } : { status: "absent" }),
    promote: async ({ candidate }) => {
      current = candidate.id;
    },
    current: async () => (current === undefined ? undefined : { candidate: { id: current }, settled: true, note: `asked with ${said}` }),
    retained: async () => {
      throw fail(talkativeErrors, "TALKATIVE_REFUSED", { problem: said }, { cause: new Error(said) });
    },
  };
}

function createChecks(said: string): readonly Check[] {
  const run = async () => ({ status: "degraded", reason: "talks", message: `it says ${said}`, hint: `use ${said}` }) as const;
  return [
    { scope: "candidate", name: "candidate", critical: false, run },
    { scope: "application", name: "application", critical: false, run },
    { scope: "provider", name: "provider", critical: false, run },
  ];
}

function createNotifier(said: string, tell: (notification: Notification) => number): Notifier {
  return {
    description: "a channel that talks",
    keyed: true,
    deliver: async (notification: Notification) => {
      if (tell(notification) === 1) throw fail(talkativeErrors, "TALKATIVE_REFUSED", { problem: said });
      return { reference: "m1" };
    },
  };
}
