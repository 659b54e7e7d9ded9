import { createControlClient, type EmulatorControl } from "../shared/control-client.js";
import type { Ledger } from "../shared/ledger.js";
import { toStoppable, type EmulatorDraft, type RunningEmulator, type Stoppable } from "../shared/running-emulator.js";
import { spawnEmulator } from "../spawn-emulator.js";
import type { MessageRecord } from "./message-log.js";
import type { MessageSinkOptions, MessageSinkSettings } from "./message-options.js";
import { runMessageSink } from "./run-message-sink.js";

/** The ledger of a message sink. */
export interface MessageLedger extends Ledger {
  /** What the channels took, in order. */
  readonly messages: readonly MessageRecord[];
}

/** What a message sink holds. */
export interface MessageSinkView {
  readonly settings: MessageSinkSettings;
  readonly messages: readonly MessageRecord[];
}

/** A running message sink, from any process. */
export type MessageSinkControl = EmulatorControl<MessageLedger, MessageSinkView, MessageSinkSettings>;

/** A running message sink that this process started. The URLs are credentials, as the real ones are. */
export interface MessageSink extends MessageSinkControl, Stoppable {
  readonly url: string;
  readonly slackUrl: string;
  readonly discordUrl: string;
  readonly webhookUrl: string;
  readonly webhookSecret: string;
}

/** Starts a message sink in a process of its own. Throws `EMULATOR_START_FAILED`. */
export async function startMessageSink(options: MessageSinkOptions = {}): Promise<MessageSink> {
  return toSink(await spawnEmulator("messages", options));
}

/** A message sink in this process. */
export function createMessageSink(options: MessageSinkOptions = {}): EmulatorDraft<MessageSink> {
  return { listen: async () => toSink(await runMessageSink(options)) };
}

/** A message sink that another process started. */
export function connectMessageSink(url: string): MessageSinkControl {
  return createControlClient<MessageLedger, MessageSinkView, MessageSinkSettings>(url);
}

function toSink(running: RunningEmulator): MessageSink {
  const { url = "", slackUrl = "", discordUrl = "", webhookUrl = "", webhookSecret = "" } = running.address;
  return { ...connectMessageSink(url), url, slackUrl, discordUrl, webhookUrl, webhookSecret, ...toStoppable(running) };
}
