import { fail } from "@fairlead/core";
import { runEdgeEmulator } from "./edge/run-edge-emulator.js";
import { runKubernetesEmulator } from "./kubernetes/run-kubernetes-emulator.js";
import { runMessageSink } from "./messages/run-message-sink.js";
import { emulatorErrors } from "./shared/emulator-errors.js";
import type { RunningEmulator } from "./shared/running-emulator.js";
import { runSmtpInbox } from "./smtp/run-smtp-inbox.js";
import { runVercelEmulator } from "./vercel/run-vercel-emulator.js";

/** The emulators that can be started by name. */
export type EmulatorKind = keyof typeof kinds;

const kinds = {
  vercel: (options: unknown) => runVercelEmulator(options),
  messages: (options: unknown) => runMessageSink(options),
  edge: (options: unknown) => runEdgeEmulator(options),
  kubernetes: (options: unknown) => runKubernetesEmulator(options),
  smtp: (options: unknown) => runSmtpInbox(options),
} as const;

/** Starts the emulator of this kind in this process. */
export function startInThisProcess(kind: string, options: unknown): Promise<RunningEmulator> {
  if (!(kind in kinds))
    throw fail(emulatorErrors, "EMULATOR_START_FAILED", {
      kind,
      reason: `there is no such emulator; there are ${Object.keys(kinds).join(", ")}`,
    });
  return kinds[kind as EmulatorKind](options);
}
