import { approversOf, wasUpToPeople, type DeploymentState, type MachineEvent, type Phase } from "../machine/index.js";
import { servingAfterRollback } from "../plan/index.js";

import { because, count, listed, sentence } from "./words.js";

/** How it ended or where it is, and why. `last` is the last event of its journal. */
export function summaryOf(state: DeploymentState, time: string, last: MachineEvent | undefined): string {
  if (!wasUpToPeople(state)) {
    if (last?.type === "deployment.rejected")
      return `It was refused before it began: ${sentence(last.data.reason ?? "")} Nothing was done.`;
    if (last?.type === "deployment.expired") return `It was held for too long: ${sentence(last.data.reason)} Nothing was done.`;
  }
  return byPhase[state.phase](state, time);
}

function wishWords(wish: DeploymentState["abort"], deed: string): string {
  return sentence(`${wish?.actor.name ?? "Somebody"} ${deed}${because(wish?.reason ?? null)}`);
}

const step = (name: string | null): string => name ?? "a step";

const byPhase: Readonly<Record<Phase, (state: DeploymentState, time: string) => string>> = {
  queued: ({ plan }) => `It waits for its turn in ${plan.environment}. Nothing has been done yet.`,
  awaiting_approval(state) {
    const required = state.plan.approval?.required ?? 1;
    const agreed = approversOf(state, null);
    const so = agreed.length === 0 ? "nobody has yet" : `${listed(agreed)} did`;
    return `It waits for ${count(required, "person", "people")} to agree; ${so}. Nothing has been done yet.`;
  },
  held: ({ hold }) => `It is held${because(hold?.reason ?? null)}. Nothing has been done yet.`,
  running({ plan, pause, abort, forced }) {
    if (abort !== null) return wishWords(abort, "asked it to stop");
    if (forced !== null) return wishWords(forced, "asked to take it back");
    return pause === null ? `It is on its way in ${plan.environment}.` : wishWords(pause, "paused it");
  },
  rolling_back: ({ rollback }) =>
    rollback?.error === null || rollback === null
      ? "It was asked to stop; what was begun is being taken back."
      : `${step(rollback.step)} failed, and what was begun is being taken back. ${sentence(rollback.error.message)}`,
  needs_attention: ({ attention }) => `It cannot go on by itself and waits for a person. ${sentence(attention?.reason ?? "")}`,
  succeeded({ plan: { environment, release }, outcome }, time) {
    if (outcome === "unchanged") return `Nothing had to be done: ${environment} served this already.`;
    if (outcome === "adopted") return `What served ${environment} was recorded as release ${release.id}. Nothing was changed.`;
    if (outcome === "rolled-back") return `It put ${release.id} back in ${environment}, in ${time}.`;
    return `It succeeded: after ${time} ${environment} served ${release.id}.`;
  },
  rolled_back(state, time) {
    const after = `After ${time} everything that was begun had been taken back: ${servingAfterRollback(state.plan)}.`;
    const { rollback, abort, forced } = state;
    if (rollback?.cause === "abort") return `${wishWords(abort, "asked it to stop")} ${after}`;
    const why = `${step(rollback?.step ?? null)} failed: ${sentence(rollback?.error?.message ?? "it did not work")}`;
    return rollback?.cause === "asked" ? `${why} ${wishWords(forced, "had it taken back")} ${after}` : `${why} ${after}`;
  },
  failed: ({ failedStep, error }) =>
    `${step(failedStep)} failed before anything was done: ${sentence(error?.message ?? "it did not work")} Nothing was changed.`,
  cancelled: ({ abort }) =>
    `${abort?.actor.name ?? "Somebody"} asked it to stop before anything was done${because(abort?.reason ?? null)}. Nothing was changed.`,
  superseded: ({ supersededBy }) => `Before it began, ${supersededBy ?? "a newer deployment"} took its place. Nothing was done.`,
  rejected({ rejections }) {
    const last = rejections.at(-1);
    return `${last?.actor.name ?? "Somebody"} refused it before it began${because(last?.reason ?? null)}. Nothing was done.`;
  },
  expired(state) {
    const agreed = approversOf(state, null);
    const so = agreed.length === 0 ? "nobody did" : `only ${listed(agreed)} did`;
    return `${count(state.plan.approval?.required ?? 1, "person", "people")} had to agree, and ${so} in time. Nothing was done.`;
  },
  abandoned: ({ attention }) =>
    `It could not go on by itself, and a person gave it up. ${sentence(attention?.reason ?? "")} What served then was left as it was.`,
};
