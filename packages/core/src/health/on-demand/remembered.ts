import type { CheckStatus } from "../../contract/check.js";
import type { JsonObject } from "../../json/json.js";
import type { CheckRecord } from "../check-record.js";
import { isReason } from "../failure.js";
import type { Opinion } from "../hysteresis.js";
import type { CheckRun } from "../run-check.js";

/** A record as it is remembered. Only what everybody may read: no message, no hint, no data. */
export function toRemembered({ judgement, last, failure }: CheckRecord): JsonObject {
  return {
    judgement: { ...judgement, down: { ...judgement.down }, impaired: { ...judgement.impaired } },
    at: last?.at ?? null,
    last: last === null ? null : publicPart(last.run),
    failure: failure === null ? null : publicPart(failure),
  };
}

/** The record that was remembered. `undefined` for what no record would be written as. A run that another clock has put into the future ended now. */
export function fromRemembered(remembered: unknown, now: number): CheckRecord | undefined {
  const { judgement, at, last, failure } = membersOf(remembered);
  const { status, down, impaired, failures, failingSince } = membersOf(judgement);
  const lastRun = readRun(last);
  if (!isNumber(at) || lastRun === undefined || !isNumber(failures)) return undefined;
  const opinions = { down: readOpinion(down), impaired: readOpinion(impaired) };
  if (opinions.down === undefined || opinions.impaired === undefined || !isJudged(status)) return undefined;
  return Object.freeze<CheckRecord>({
    judgement: {
      status,
      down: opinions.down,
      impaired: opinions.impaired,
      failures,
      failingSince: isNumber(failingSince) ? failingSince : null,
    },
    last: { run: lastRun, at: Math.min(at, now) },
    failure: readRun(failure) ?? null,
  });
}

function publicPart({ status, reason, latency }: CheckRun): JsonObject {
  return { status, latency, ...(reason === undefined ? {} : { reason }) };
}

function readRun(value: unknown): CheckRun | undefined {
  const { status, reason, latency } = membersOf(value);
  if (!isStatus(status) || !isNumber(latency)) return undefined;
  return { status, latency, ...(isReason(reason) ? { reason } : {}) };
}

function readOpinion(value: unknown): Opinion | undefined {
  const { bad, against, since } = membersOf(value);
  return typeof bad === "boolean" && isNumber(against) ? { bad, against, since: isNumber(since) ? since : null } : undefined;
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const isStatus = (value: unknown): value is CheckStatus => value === "up" || value === "degraded" || value === "down";
const isJudged = (value: unknown): value is CheckStatus | "unknown" => value === "unknown" || isStatus(value);
