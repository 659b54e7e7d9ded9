import type { Logger } from "../contract/call.js";
import type { ProcessIdentity } from "../contract/deployment-events.js";
import type { Notifier } from "../contract/notifier.js";
import type { OutboxMessage, OutboxResult, Store } from "../contract/store.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail, isFairleadError, serializeError } from "../errors/fairlead-error.js";
import type { Redactor } from "../secret/redactor.js";
import type { Clock } from "../time/clock.js";
import { withDeadline } from "../time/deadline.js";
import { formatMilliseconds } from "../time/duration.js";
import { errorOf } from "./attempt.js";
import type { CapabilitySource } from "./operation.js";
import { isProvenDead } from "./process-identity.js";

/** Pauses between attempts, in milliseconds; after the last one a message is dead. */
const pauses = [1_000, 5_000, 30_000, 120_000, 600_000, 1_800_000, 7_200_000];

/** Most one delivery may take, in milliseconds. */
const patience = 10_000;

/** What a channel may ask us to wait, at most, in milliseconds. */
const longestPause = 3_600_000;

export interface OutboxWorkerOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly application: string;
  readonly environment: string;
  readonly holder: ProcessIdentity;
  readonly capabilities: CapabilitySource;
  readonly log: Logger;
}

/** Begins to deliver what is due, and answers the deliveries; these never reject. None waits for another: a channel that hangs holds up its own messages alone. */
export async function deliverDue(options: OutboxWorkerOptions, signal: AbortSignal): Promise<readonly Promise<void>[]> {
  const { store, application, environment } = options;
  const notifiers = new Map((await options.capabilities.all("notifier")).map(({ plugin, capability }) => [plugin, capability]));
  const waiting = notifiers.size === 0 ? [] : await store.outbox.list({ application, environment, state: "pending", limit: 1000 });
  if (waiting.length === 0) return [];
  const holder = JSON.stringify(options.holder);
  const messages = await store.outbox.lease({
    application,
    environment,
    channels: [...notifiers.keys()],
    holder,
    ttl: 2 * patience,
    takeOver: [...new Set(waiting.flatMap(({ lease }) => lease?.holder ?? []))].filter(isGone),
    limit: 20,
  });
  return messages.map(async (message) => {
    const notifier = notifiers.get(message.channel);
    if (notifier === undefined) return;
    const result = await deliver(options, { notifier, message }, signal);
    // What cannot be recorded is delivered again, once the time it was given is over.
    await store.outbox.settle(message.id, holder, result).catch(() => undefined);
  });
}

/** Of messages the holder is a process, in JSON. */
function isGone(holder: string): boolean {
  return isProvenDead(JSON.parse(holder) as ProcessIdentity);
}

async function deliver(
  options: OutboxWorkerOptions,
  { notifier, message }: { readonly notifier: Notifier; readonly message: OutboxMessage },
  signal: AbortSignal,
): Promise<OutboxResult> {
  const { clock, redactor, log } = options;
  const begun = clock.now();
  const reason = () =>
    fail(coreErrors, "NOTIFIER_UNANSWERED", { channel: message.channel, after: formatMilliseconds(clock.now() - begun) });
  try {
    const receipt = await withDeadline(clock, { milliseconds: patience, signal, reason }, (inner) =>
      notifier.deliver(message.notification, { signal: inner, log }),
    );
    return { state: "delivered", ...(receipt.reference === undefined ? {} : { reference: receipt.reference }) };
  } catch (caught) {
    // Whoever ends a delivery says why to itself; about the channel it says this.
    const thrown = signal.aborted ? reason() : caught;
    const error = errorOf((value) => redactor.error(value), thrown);
    const kept = redactor.value({ code: error.code, message: error.message, hint: error.hint });
    const pause = pauses[message.attempts];
    const isFinal = isFairleadError(thrown) && !thrown.retryable;
    if (isFinal || pause === undefined) {
      log.error(`a message could not be delivered to ${message.channel}: ${kept.message}`, {
        code: serializeError(thrown).code,
      });
      return { state: "dead", error: kept };
    }
    const asked = isFairleadError(thrown) ? (thrown.retryAfter ?? 0) : 0;
    return { state: "pending", delay: Math.min(longestPause, Math.max(asked, pause * (0.75 + Math.random() / 2))), error: kept };
  }
}
