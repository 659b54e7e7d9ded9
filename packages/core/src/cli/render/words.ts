import type { Release } from "../../contract/release.js";
import type { DeploymentSummary } from "../../deployer/types.js";
import type { Phase } from "../../machine/index.js";
import { formatMilliseconds } from "../../time/duration.js";
import { oneLine } from "./text.js";

/** A release with where it comes from: `rel_… (1a2b3c4 on main)`. */
export function releaseWords({ id, provenance }: Pick<Release, "id" | "provenance">): string {
  const { commit, branch, dirty } = provenance;
  if (commit === undefined) return id;
  return `${id} (${commit.slice(0, 7)}${branch === undefined ? "" : ` on ${oneLine(branch)}`}${dirty === true ? ", with changes" : ""})`;
}

/** Point in time and how long ago: `2026-11-21 10:02:11Z, 2 h 10 m ago`. */
export function timeWords(at: string, now: number): string {
  const age = now - Date.parse(at);
  const moment = at.replace("T", " ").replace(/\.\d+Z$/, "Z");
  return age < 0 ? moment : `${moment}, ${ageWords(age)} ago`;
}

function ageWords(milliseconds: number): string {
  if (milliseconds < 60_000) return `${String(Math.floor(milliseconds / 1_000))} s`;
  const days = Math.floor(milliseconds / 86_400_000);
  return days < 2 ? formatMilliseconds(milliseconds) : `${String(days)} days`;
}

const phaseWords: Readonly<Record<Phase, string>> = {
  queued: "queued",
  awaiting_approval: "awaiting approval",
  held: "held",
  running: "running",
  rolling_back: "rolling back",
  needs_attention: "needs attention",
  succeeded: "succeeded",
  rolled_back: "rolled back",
  failed: "failed",
  cancelled: "cancelled",
  superseded: "superseded",
  rejected: "rejected",
  expired: "expired",
  abandoned: "abandoned",
};

/** A phase with its outcome: `succeeded (promoted)`. */
export function stateWords({ phase, outcome }: Pick<DeploymentSummary, "phase" | "outcome">): string {
  return outcome === null ? phaseWords[phase] : `${phaseWords[phase]} (${outcome})`;
}

export function count(amount: number, noun: string): string {
  return `${String(amount)} ${noun}${amount === 1 ? "" : "s"}`;
}
