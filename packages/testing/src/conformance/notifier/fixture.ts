import assert from "node:assert/strict";
import { isFairleadError, type FairleadError, type Notification, type Notifier, type Receipt } from "@fairlead/core";
import { recordedCall } from "../call.js";
import type { Fixture } from "../suite.js";

/** A notifier of a channel that holds no message yet, and somebody who reads the channel past it. */
export interface NotifierFixture extends Fixture {
  readonly notifier: Notifier;
  /** Another instance of the plugin on the same channel, as another process would have it. */
  readonly again: () => Promise<Notifier> | Notifier;
  /** Texts that the channel would act on if it were handed them as they are: mentions, links that hide where they lead, headers. */
  readonly markup: readonly string[];
  /** What of the channel's address and of the sign-in nobody may see. */
  readonly secrets: readonly string[];
  readonly trouble: ChannelTrouble;
  readonly witness: ChannelWitness;
}

/** Makes the channel go wrong from now on. What these answer is awaited. */
export interface ChannelTrouble {
  /** It cannot be reached. */
  unreachable(): unknown;
  /** It takes nothing now. */
  busy(): unknown;
  /** It takes nothing now and says for how long: a number of whole seconds. Left out where it has no way to say so: then nothing is asked about it. */
  limited?(milliseconds: number): unknown;
  /** It takes nothing of this kind, now or later. */
  refusing(): unknown;
  /** It does not exist any more. Left out where a channel cannot say so. */
  gone?(): unknown;
  /** It takes nothing and never answers. */
  silent(): unknown;
  /** It takes what comes, and its answers are lost. */
  lossy(): unknown;
  /** Ends all of it. */
  over(): unknown;
}

export interface ChannelWitness {
  /** What people were shown, the first message first. A repeated one that they, or their reader, can recognise as such counts once. */
  messages(): Promise<readonly ShownMessage[]>;
}

/** A message in a channel. */
export interface ShownMessage {
  /** All of it that a person reads, as plain text, with the channel's escapes undone. */
  readonly text: string;
  /** What in it the channel acted on: whom it mentioned, what it linked under another name. */
  readonly obeyed: readonly string[];
  /** The channel's id of it, where it has one. */
  readonly reference?: string;
}

/** A notification as the outbox hands it over: nobody may write on it. */
export function notification(number: number, parts: Partial<Notification> = {}): Notification {
  return deeplyFrozen({
    id: `msg_${String(number).padStart(32, "0")}`,
    event: "deployment.succeeded",
    severity: "success",
    title: `Deployment ${String(number)} of shop production succeeded`,
    text: `It took ${String(number)} minutes.`,
    fields: [{ name: "Release", value: `rel_${String(number).padStart(26, "0")}` }],
    links: [],
    at: new Date(Date.UTC(2026, 0, 1, 0, number)).toISOString(),
    application: "shop",
    environment: "production",
    deploymentId: `dep_${String(number).padStart(26, "0")}`,
    ...parts,
  });
}

/** Delivers with time enough. */
export function deliver(notifier: Notifier, message: Notification): Promise<Receipt> {
  return notifier.deliver(message, recordedCall());
}

/** The error of the catalogue that a delivery ends with. */
export async function rejectionOf(delivery: Promise<unknown>): Promise<FairleadError> {
  const error: unknown = await delivery.then(
    () => assert.fail("it was delivered"),
    (thrown: unknown) => thrown,
  );
  if (error instanceof assert.AssertionError) throw error;
  assert.ok(isFairleadError(error), `expected an error of the catalogue, not ${String(error)}`);
  return error;
}

/** What people read: the texts of all messages. */
export async function shown({ witness }: NotifierFixture): Promise<readonly string[]> {
  return (await witness.messages()).map(({ text }) => text);
}

/** The text that holds all of these. */
export function holds(text: string | undefined, ...parts: readonly string[]): void {
  for (const part of parts) assert.ok(text?.includes(part), `"${part}" is not in the message: ${String(text)}`);
}

function deeplyFrozen<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  for (const member of Object.values(value)) deeplyFrozen(member);
  return Object.freeze(value);
}
