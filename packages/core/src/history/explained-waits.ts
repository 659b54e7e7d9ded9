import { fold, stepsOf, type DeploymentState, type MachineEvent } from "../machine/index.js";
import type { ExplainedWait } from "./explanation.js";
import { waitsFor, type WaitsFor } from "./waits-for.js";
import { because, count } from "./words.js";

type Mutable = { -readonly [Key in keyof ExplainedWait]: ExplainedWait[Key] };

/** What it waited for, in order; what took no time is left out. */
export function explainWaits(events: readonly MachineEvent[]): readonly ExplainedWait[] {
  const waits: Mutable[] = [];
  let open: Mutable | undefined;
  let state: DeploymentState | undefined;
  for (const event of events) {
    const word = wordOf(event);
    if (open !== undefined) {
      open.took = event.at - Date.parse(open.from);
      if (word !== undefined) open.said = [...open.said, word];
    }
    state = fold([event], state);
    const kind = state === undefined ? undefined : waitsFor(state);
    if (open !== undefined && open.for !== kind) {
      open.to = new Date(event.at).toISOString();
      open = undefined;
    }
    if (open === undefined && kind !== undefined && state !== undefined) {
      open = { for: kind, what: whatByKind[kind](state), said: [], from: new Date(event.at).toISOString(), to: null, took: 0 };
      waits.push(open);
    }
  }
  return waits.filter(({ took, to }) => took > 0 || to === null);
}

const whatByKind: Readonly<Record<WaitsFor, (state: DeploymentState) => string>> = {
  queue: ({ plan }) => `its turn in ${plan.environment}`,
  // A freeze, a rollback since, or another application.
  freeze: (state) =>
    state.hold === null ? `the end of a freeze: ${reasonOf(state, "freeze")}` : `the end of what held it: ${state.hold.reason}`,
  pause: ({ pause }) => (pause === null ? "somebody who paused it" : `${pause.actor.name}, who paused it${because(pause.reason)}`),
  requirement: (state) => reasonOf(state, "requirement"),
  people(state) {
    const { phase, attention, plan } = state;
    if (phase === "needs_attention") return `a person to decide: ${attention?.reason ?? "it could not go on by itself"}`;
    if (phase === "awaiting_approval") return `${count(plan.approval?.required ?? 1, "person", "people")} to agree`;
    return `people: ${reasonOf(state, "approval")}`;
  },
};

/** What the steps that wait say. */
function reasonOf(state: DeploymentState, fallback: string): string {
  const reasons = stepsOf(state.plan).flatMap(({ id }) => {
    const attempt = state.steps[id]?.forward;
    return attempt?.status === "deferred" ? [`${id}, ${attempt.reason}`] : [];
  });
  return reasons.length === 0 ? fallback : reasons.join("; ");
}

/** What somebody did, by the name of the event that says so. */
const deeds = {
  "approval.granted": "agreed",
  "approval.rejected": "refused",
  "deployment.paused": "paused it",
  "deployment.resumed": "let it go on",
  "advance.requested": "asked to go on",
  "advance-all.requested": "asked to go on through all gates",
  "retry.requested": "had what failed tried again",
  "rollback.requested": "had it taken back",
  "abort.requested": "asked it to stop",
  "deployment.abandoned": "gave it up",
} as const;

function isDeed(event: MachineEvent): event is Extract<MachineEvent, { type: keyof typeof deeds }> {
  return event.type in deeds;
}

/** What somebody said, or what ended a wait. */
function wordOf(event: MachineEvent): string | undefined {
  if (isDeed(event)) return `${event.data.actor.name} ${deeds[event.type]}${because(event.data.reason)}`;
  switch (event.type) {
    case "deployment.released": {
      const { actor, reason } = event.data;
      return actor === null ? "nothing held it any more" : `${actor.name} let it begin all the same${because(reason)}`;
    }
    case "plan.renewed":
      return "the plan was made anew from what served then";
    case "deployment.superseded":
      return `${event.data.by} took its place`;
    case "deployment.expired":
      return "nobody agreed in time";
    default:
      return undefined;
  }
}
