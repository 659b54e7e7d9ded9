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
}

export interface Rules extends Thresholds {
  /** Whether failing still belongs to starting. */
  readonly starting: boolean;
}

const well: Opinion = Object.freeze({ bad: false, against: 0 });
const bad: Opinion = Object.freeze({ bad: true, against: 0 });

/** Before the first result. */
export const unknown: Judgement = Object.freeze({ status: "unknown", down: well, impaired: well, failures: 0 });

/**
 * The judgement after one more result. What is unknown believes the first result that is not down, and believes that it is down after as many failures in a row as otherwise, but not while it is
 * starting. From then on the status moves only when enough results in a row agree that it is at least that bad, or at most.
 */
export function judge(before: Judgement, result: CheckStatus, rules: Rules): Judgement {
  const failures = result === "down" ? before.failures + 1 : 0;
  if (before.status === "unknown") {
    if (result === "up") return { status: "up", down: well, impaired: well, failures };
    if (result === "degraded") return { status: "degraded", down: well, impaired: bad, failures };
    if (rules.starting || failures < rules.failures) return { ...unknown, failures };
    return { status: "down", down: bad, impaired: bad, failures };
  }
  const down = reconsider(before.down, result === "down", rules);
  const impaired = reconsider(before.impaired, result !== "up", rules);
  return { status: down.bad ? "down" : impaired.bad ? "degraded" : "up", down, impaired, failures };
}

/** Whether the last results contradict the judgement, or there is none yet: then the next result matters more than usual. */
export function isContested({ status, down, impaired }: Judgement): boolean {
  return status === "unknown" || down.against > 0 || impaired.against > 0;
}
