import type { Actor, DeployedRelease } from "../contract/deployment-events.js";
import type { Plan } from "../contract/plan.js";
import { stepsOf, type DeploymentState, type MachineEvent } from "../machine/index.js";
import { accountOf, waitedFor } from "./account.js";
import { explainSteps, wasStopped } from "./explained-steps.js";
import { explainWaits } from "./explained-waits.js";
import type { ExplainedStep, Explanation } from "./explanation.js";
import { optionsOf } from "./options.js";
import { explainServing } from "./serving.js";
import { summaryOf } from "./summary.js";
import { explainVerdict } from "./verdict.js";
import { because, lengthOf, listed, sentence } from "./words.js";

/**
 * Tells a deployment from its journal. Pure: asks no provider. `serving` is what the environment's journal says serves now. `undefined` for a journal that does not begin with a deployment.
 */
export function explain(events: readonly MachineEvent[], serving: DeployedRelease | undefined): Explanation | undefined {
  const account = accountOf(events);
  const { state, waited } = account;
  if (state === undefined) return undefined;
  const { plan } = state;
  const total = (state.endedAt ?? account.at) - state.createdAt;
  const steps = explainSteps(events, state);
  const verdict = explainVerdict(events, state);
  return {
    deploymentId: state.id,
    application: plan.application,
    environment: plan.environment,
    kind: state.kind,
    phase: state.phase,
    outcome: state.outcome,
    summary: summaryOf(state, lengthOf(total), events.at(-1)),
    beginning: beginningOf(state),
    actor: state.actor,
    reason: state.reason,
    from: plan.previousRelease ?? null,
    to: plan.release.id,
    createdAt: new Date(state.createdAt).toISOString(),
    endedAt: state.endedAt === null ? null : new Date(state.endedAt).toISOString(),
    duration: { total, working: total - waitedFor(account), waited },
    steps,
    waits: explainWaits(events),
    verdict,
    failures: failuresOf(events),
    takenBack: takenBackOf(steps, state),
    serving: explainServing(state, serving),
    options: optionsOf(state, serving),
  };
}

const ways: Readonly<Record<Actor["via"], string>> = {
  cli: "from the command line",
  api: "by the HTTP API",
  code: "from a program",
  schedule: "by a schedule",
  automatic: "automatically",
};

function beginningOf({ kind, plan, actor, reason }: DeploymentState): string {
  const { commit, branch, message } = plan.release.provenance;
  const origin =
    commit === undefined
      ? ""
      : ` (${commit.slice(0, 7)}${branch === undefined ? "" : ` on ${branch}`}${because(message?.split("\n")[0] ?? null)})`;
  return sentence(`${actor.name} began it ${ways[actor.via]}${because(reason)}`) + ` ${aimOf(kind, plan, `${plan.release.id}${origin}`)}`;
}

function aimOf(kind: DeploymentState["kind"], { environment, previousRelease, groups }: Plan, release: string): string {
  if (kind === "adopt") return `What served ${environment} was to be recorded as release ${release}.`;
  if (kind === "rollback") return `${environment} was to go back from ${previousRelease ?? "what served"} to ${release}.`;
  if (groups.length === 0) return `${environment} was to serve ${release}, which it did already.`;
  return previousRelease === undefined
    ? `${release} was to be the first release of ${environment}.`
    : `In ${environment}, ${release} was to replace ${previousRelease}.`;
}

/** Every attempt that did not work, in order. */
function failuresOf(events: readonly MachineEvent[]): readonly string[] {
  return events.flatMap(({ type, data }) => {
    if ((type === "step.failed" || type === "step.interrupted") && (wasStopped(data.error) || data.error.code === "STEP_GIVEN_UP"))
      return [];
    if (type === "step.failed") {
      const what = data.direction === "undo" ? `Taking back ${data.step}` : data.step;
      const then = data.again ? " It was tried again." : "";
      return [`${what} failed${data.attempt > 1 ? ` at attempt ${String(data.attempt)}` : ""}: ${sentence(data.error.message)}${then}`];
    }
    if (type === "step.interrupted")
      return [`${data.step} ended without an answer: ${sentence(data.error.message)} The provider was asked what had come of it.`];
    return type === "deployment.started" && data.fence > 1 && !isFirstHolder(events, data.fence)
      ? [`The process that drove it was gone; ${data.holder.name} went on from the journal.`]
      : [];
  });
}

/** A deployment that had waited is driven by a new process without anything having gone wrong. */
function isFirstHolder(events: readonly MachineEvent[], fence: number): boolean {
  let parked = true;
  for (const { type, data } of events) {
    if (type === "deployment.parked") parked = true;
    if (type !== "deployment.started") continue;
    if (data.fence === fence) return parked;
    parked = false;
  }
  return true;
}

function takenBackOf(steps: readonly ExplainedStep[], state: DeploymentState): readonly string[] {
  if (state.rollback === null) return [];
  const took = (step: ExplainedStep): string => (step.undoTook === null ? step.id : `${step.id} (${lengthOf(step.undoTook)})`);
  const order = [...state.intents].reverse();
  const of = (fate: ExplainedStep["fate"]): readonly ExplainedStep[] =>
    order.flatMap((id) => steps.filter((step) => step.id === id && step.fate === fate));
  const byId = new Map(stepsOf(state.plan).map((step) => [step.id, step]));
  return [
    ...(of("taken-back").length === 0 ? [] : [`Taken back, the last begun first: ${listed(of("taken-back").map(took))}.`]),
    ...of("stays").map(({ id, description }) =>
      byId.get(id)?.reversibility === "irreversible"
        ? `${id} cannot be taken back and stays: ${sentence(description)}`
        : `${id} stays, which does no harm: ${sentence(description)}`,
    ),
    ...of("not-taken-back").map(({ id }) => `${id} could not be taken back.`),
  ];
}
