import type { CheckStatus } from "../contract/check.js";
import { reconsider, type Opinion, type Thresholds } from "./hysteresis.js";

/** What a row of results comes to. */
export interface Judgement {
  readonly status: CheckStatus | "unknown";
  /** Whether it is down. */
  readonly down: Opinion;
  /** Whether it is degraded or worse. */
  readonly impaired: Opinion;
  /** How many results in a row were down, up to now. */
  readonly failures: number;
  /** When the first of these came, in epoch milliseconds; `null` if there is none. */
  readonly failingSince: number | null;
}

/** What a check said, and when, in epoch milliseconds. */
export interface Verdict {
  readonly status: CheckStatus;
  readonly at: number;
}

export interface Rules extends Thresholds {
  /** Whether failing still belongs to starting. */
  readonly starting: boolean;
}

const well: Opinion = Object.freeze({ bad: false, against: 0, since: null });
const bad: Opinion = Object.freeze({ bad: true, against: 0, since: null });

/** Before the first result. */
export const unknown: Judgement = Object.freeze({ status: "unknown", down: well, impaired: well, failures: 0, failingSince: null });

const noFailures = Object.freeze({ failures: 0, failingSince: null });

/**
 * The judgement after one more result. What is unknown believes the first result that is not down, and believes that it is down after as many failures in a row, for as long, as otherwise, but not while it is
 * starting. From then on the status moves only when enough results in a row agree that it is at least that bad, or at most.
 */
export function judge(before: Judgement, { status: result, at }: Verdict, rules: Rules): Judgement {
  const row = result === "down" ? { failures: before.failures + 1, failingSince: before.failingSince ?? at } : noFailures;
  if (before.status === "unknown") {
    if (result === "up") return { status: "up", down: well, impaired: well, ...row };
    if (result === "degraded") return { status: "degraded", down: well, impaired: bad, ...row };
    const lasted = at - (row.failingSince ?? at);
    if (rules.starting || row.failures < rules.failures || lasted < rules.failingFor) return { ...unknown, ...row };
    return { status: "down", down: bad, impaired: bad, ...row };
  }
  const down = reconsider(before.down, { bad: result === "down", at }, rules);
  const impaired = reconsider(before.impaired, { bad: result !== "up", at }, rules);
  return { status: down.bad ? "down" : impaired.bad ? "degraded" : "up", down, impaired, ...row };
}

/** Whether the last results contradict the judgement, or there is none yet: then the next result matters more than usual. */
export function isContested({ status, down, impaired }: Judgement): boolean {
  return status === "unknown" || down.against > 0 || impaired.against > 0;
}
