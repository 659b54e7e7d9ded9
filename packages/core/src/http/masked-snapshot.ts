import type { CheckState, HealthSnapshot } from "../health/index.js";
import { maskedJson } from "../json/masked-json.js";

/** A snapshot without secrets, for what is answered. A code that is a secret is none; what cannot be masked is left out. */
export function maskedSnapshot(snapshot: HealthSnapshot, redact: (text: string) => string): HealthSnapshot {
  const masked = new Map(snapshot.checks.map((check) => [check, maskedCheck(check, redact)]));
  const shown = (checks: readonly CheckState[]): readonly CheckState[] =>
    checks.map((check) => masked.get(check) ?? maskedCheck(check, redact));
  return {
    ...snapshot,
    checks: shown(snapshot.checks),
    groups: snapshot.groups.map((group) => ({ ...group, checks: shown(group.checks) })),
  };
}

function maskedCheck(check: CheckState, redact: (text: string) => string): CheckState {
  const { reason, message, hint, data } = check;
  try {
    return {
      ...check,
      reason: reason === null || redact(reason) === reason ? reason : "check_failed",
      message: message === null ? null : redact(message),
      hint: hint === null ? null : redact(hint),
      data: data === null ? null : maskedJson(data, redact),
    };
  } catch {
    return { ...check, reason: reason === null ? null : "check_failed", message: null, hint: null, data: null };
  }
}
