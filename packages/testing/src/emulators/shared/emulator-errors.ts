import { defineErrors, error } from "@fairlead/core";

/** What the emulators' own handles may throw. Faults are not errors of the emulator: they reach the code under test through the wire. */
export const emulatorErrors = defineErrors({
  EMULATOR_START_FAILED: error<{ kind: string; reason: string }>({
    status: 500,
    retryable: false,
    message: ({ kind, reason }) => `The ${kind} emulator did not start: ${reason}`,
    hint: () => "Read the reason; a port that is asked for by number must be free.",
  }),
  EMULATOR_UNREACHABLE: error<{ url: string }>({
    status: 503,
    retryable: true,
    message: ({ url }) => `No emulator answers at ${url}.`,
    hint: () => "Start it again, or check that it was not stopped.",
  }),
  EMULATOR_REQUEST_REFUSED: error<{ path: string; reason: string }>({
    status: 400,
    retryable: false,
    message: ({ path, reason }) => `The emulator refused ${path}: ${reason}`,
    hint: () => "Correct the fault, the setting or the snapshot that was sent.",
  }),
  EMULATOR_SNAPSHOT_UNKNOWN: error<{ snapshot: string }>({
    status: 404,
    retryable: false,
    message: ({ snapshot }) => `There is no snapshot "${snapshot}".`,
    hint: () => "Use what `snapshot()` of this emulator returned.",
  }),
  EMULATOR_MAIL_REFUSED: error<{ code: number; reason: string }>({
    status: 502,
    retryable: false,
    message: ({ reason }) => reason,
    hint: () => "This is the reply to an SMTP command; a fault or wrong credentials asked for it.",
  }),
  EMULATOR_NOTHING_HELD: error<{ waitedMs: number }>({
    status: 504,
    retryable: true,
    message: ({ waitedMs }) => `No response was held within ${String(waitedMs)} ms.`,
    hint: () => "Set a fault of kind hold that matches a request which the code under test really makes, or wait longer.",
  }),
});
