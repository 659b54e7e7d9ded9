import { randomBytes } from "node:crypto";
import type { JsonObject } from "@fairlead/core";
import { createEmulatorClock } from "../shared/emulator-clock.js";
import { createFaultBook } from "../shared/fault-book.js";
import { createHeldResponses } from "../shared/held-responses.js";
import { createHttpEmulator } from "../shared/http-emulator.js";
import { createLedger } from "../shared/ledger.js";
import type { ControlledState } from "../shared/provider.js";
import type { RunningEmulator } from "../shared/running-emulator.js";
import { createMailLog, type MailRecord } from "./mail-log.js";
import { createSmtpListener } from "./smtp-listener.js";
import { smtpOptionsSchema, smtpSettingsSchema, type SmtpInboxSettings } from "./smtp-options.js";

/** Starts the inbox in this process: an SMTP port and, beside it, an HTTP port to control it. */
export async function runSmtpInbox(given: unknown): Promise<RunningEmulator> {
  const options = smtpOptionsSchema.parse(given ?? {});
  const host = options.host ?? "127.0.0.1";
  const credentials = { user: options.user, password: options.password ?? randomBytes(12).toString("hex") };
  const frame = {
    clock: createEmulatorClock(options.clock),
    faults: createFaultBook(),
    held: createHeldResponses(),
    ledger: createLedger(),
  };
  const mails = createMailLog();
  const listener = createSmtpListener(options, credentials, frame, mails);
  let settings: SmtpInboxSettings = options.settings;
  const messages = (): JsonObject[] => mails.list().map((mail) => ({ ...mail }));
  const control: ControlledState = {
    ledger: () => ({ messages: messages() }),
    state: () => ({ settings: { ...settings }, messages: messages() }),
    async configure(change) {
      const before = settings;
      settings = smtpSettingsSchema.parse({ ...settings, ...(change as Partial<SmtpInboxSettings>) });
      if (before.accepting && !settings.accepting) await listener.close();
      if (!before.accepting && settings.accepting) await listener.open();
      return { ...settings };
    },
    snapshot: () => [...mails.list()],
    restore(snapshot) {
      mails.restore((snapshot ?? []) as MailRecord[]);
    },
  };
  const server = createHttpEmulator(frame, undefined, control);
  const controlUrl = await server.listen({ host });
  const port = await listener.open();
  if (!settings.accepting) await listener.close();
  return {
    address: { controlUrl, host, port: String(port), ...credentials },
    async stop() {
      await Promise.all([listener.close(), server.close()]);
    },
  };
}
