import { createControlClient, type EmulatorControl } from "../shared/control-client.js";
import type { Ledger } from "../shared/ledger.js";
import { toStoppable, type EmulatorDraft, type RunningEmulator, type Stoppable } from "../shared/running-emulator.js";
import { spawnEmulator } from "../spawn-emulator.js";
import type { MailRecord } from "./mail-log.js";
import { runSmtpInbox } from "./run-smtp-inbox.js";
import type { SmtpInboxOptions, SmtpInboxSettings } from "./smtp-options.js";

/** The ledger of an inbox; its requests are SMTP commands. */
export interface SmtpLedger extends Ledger {
  /** What was taken, in order. */
  readonly messages: readonly MailRecord[];
}

/** What an inbox holds. */
export interface SmtpInboxView {
  readonly settings: SmtpInboxSettings;
  readonly messages: readonly MailRecord[];
}

/** A running inbox, from any process. */
export type SmtpInboxControl = EmulatorControl<SmtpLedger, SmtpInboxView, SmtpInboxSettings>;

/** A running inbox that this process started. */
export interface SmtpInbox extends SmtpInboxControl, Stoppable {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** Starts an SMTP inbox in a process of its own. Throws `EMULATOR_START_FAILED`. */
export async function startSmtpInbox(options: SmtpInboxOptions = {}): Promise<SmtpInbox> {
  return toInbox(await spawnEmulator("smtp", options));
}

/** An SMTP inbox in this process. */
export function createSmtpInbox(options: SmtpInboxOptions = {}): EmulatorDraft<SmtpInbox> {
  return { listen: async () => toInbox(await runSmtpInbox(options)) };
}

/** An inbox that another process started. */
export function connectSmtpInbox(controlUrl: string): SmtpInboxControl {
  return createControlClient<SmtpLedger, SmtpInboxView, SmtpInboxSettings>(controlUrl);
}

function toInbox(running: RunningEmulator): SmtpInbox {
  const { controlUrl = "", host = "", port = "", user = "", password = "" } = running.address;
  return { ...connectSmtpInbox(controlUrl), host, port: Number(port), user, password, ...toStoppable(running) };
}
