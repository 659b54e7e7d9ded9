import type { CheckReport } from "./types.js";

/** What `doctor` says of a secret with which ordinary text is masked too. */
export function weakSecretReport(name: string): CheckReport {
  return {
    name,
    provider: "secret",
    critical: false,
    status: "degraded",
    reason: "easily_guessed",
    message: "its value is so short or so ordinary that ordinary text is masked with it",
    hint: "Use a longer random value; what is no secret belongs into the plugin's options as it is.",
    latency: 0,
  };
}
