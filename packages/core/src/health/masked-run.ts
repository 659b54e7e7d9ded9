import { maskedJson } from "../json/masked-json.js";
import type { CheckRun } from "./run-check.js";

/** Takes secrets out of a text. */
export type Redact = (text: string) => string;

/** What a run says, without secrets. A code that is one is none; what fails to be masked is left out. */
export function maskedRun(run: CheckRun, redact: Redact): CheckRun {
  const { status, reason, message, hint, data, latency } = run;
  try {
    return {
      ...{ status, latency },
      ...(reason === undefined ? {} : { reason: redact(reason) === reason ? reason : "check_failed" }),
      ...(message === undefined ? {} : { message: redact(message) }),
      ...(hint === undefined ? {} : { hint: redact(hint) }),
      ...(data === undefined ? {} : { data: maskedJson(data, redact) }),
    };
  } catch {
    return { status, latency, ...(status === "up" ? {} : { reason: "check_failed" }) };
  }
}
