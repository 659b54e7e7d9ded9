import {
  definePlugin,
  fail,
  type Notification,
  type Notifier,
  type PluginFactory,
  type Secret,
  type SecretReference,
} from "@fairlead/core";
import * as z from "zod";
import { notifyErrors } from "./notify-errors.js";
import { post } from "./post.js";
import { secretOption } from "./secret-option.js";

export interface WebhookOptions {
  /** Where events are posted. */
  readonly url: SecretReference;
  /** Signing secret by Standard Webhooks: `whsec_` and base64. */
  readonly signingSecret: SecretReference;
}

/**
 * Posts events signed by Standard Webhooks (standardwebhooks.com): `webhook-id` stays the same over all attempts, so the receiver can tell a repeated message; any library of that standard
 * verifies it.
 */
export const webhook: PluginFactory<"webhook", "notifier", WebhookOptions> = definePlugin({
  id: "webhook",
  provides: ["notifier"],
  options: z.strictObject({ url: secretOption, signingSecret: secretOption }),
  setup: ({ url, signingSecret }, { name, clock, redact }) => {
    const notifier: Notifier = {
      description: `webhook (${name})`,
      keyed: true,
      async deliver(notification, call) {
        const body = JSON.stringify(webhookEvent(notification));
        const headers = await signatureOf({ channel: name, id: notification.id, body, signingSecret, now: clock.now() });
        await post({ channel: name, url, headers, body, clock, redact }, call);
        return { reference: notification.id };
      },
    };
    return { notifier };
  },
});

function webhookEvent({ event, at, ...data }: Notification): object {
  return { type: event, timestamp: at, data };
}

async function signatureOf(options: {
  readonly channel: string;
  readonly id: string;
  readonly body: string;
  readonly signingSecret: Secret;
  readonly now: number;
}): Promise<Readonly<Record<string, string>>> {
  const { channel, id, body, signingSecret, now } = options;
  const { Webhook } = await import("standardwebhooks");
  const at = new Date(now);
  try {
    const signature = new Webhook(signingSecret.reveal()).sign(id, at, body);
    return { "webhook-id": id, "webhook-timestamp": String(Math.floor(now / 1_000)), "webhook-signature": signature };
  } catch {
    throw fail(notifyErrors, "NOTIFIER_SECRET_MALFORMED", {
      channel,
      secret: signingSecret.name,
      expected: "a signing secret (whsec_ and base64)",
    });
  }
}
