import type { CallOptions } from "./call.js";

export type Severity = "info" | "success" | "warning" | "error" | "critical";

/** A message for people or machines, neutral of any channel. Redacted before it is queued. */
export interface Notification {
  /** `msg_…`; the same for every attempt to deliver it. The idempotency key where the channel takes one. */
  readonly id: string;
  /** The event that caused it, e.g. `deployment.succeeded`. */
  readonly event: string;
  readonly severity: Severity;
  /** One line. */
  readonly title: string;
  /** A few sentences at most; plain text. */
  readonly text: string;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  readonly links: readonly { readonly name: string; readonly url: string }[];
  /** When the event happened, ISO 8601. */
  readonly at: string;
  readonly application: string;
  readonly environment: string;
  readonly deploymentId?: string;
}

export interface Receipt {
  /** The provider's id of the message, where it gives one. */
  readonly reference?: string;
}

/**
 * Delivers messages to one channel. Called by the outbox worker and never awaited by a deployment. Rejects with a retryable error (with `retryAfter` in milliseconds where the
 * channel said when) or with one that is not, which makes the message a dead letter; `NOTIFIER_CHANNEL_GONE` besides stops the channel. No error holds an address or a credential of the channel.
 * Everything in a notification is shown as the plain text that it is, because it comes from anybody: what looks like the channel's markup mentions nobody and hides no address. What is too long
 * for the channel is cut, never refused.
 */
export interface Notifier {
  readonly description: string;
  /** Whether the channel recognises a repeated `id`, so that a repeated delivery is no second message. */
  readonly keyed: boolean;
  deliver(notification: Notification, call: CallOptions): Promise<Receipt>;
}
