import type { DeploymentEvent } from "../contract/deployment-events.js";
import type { Plan } from "../contract/plan.js";
import { listed } from "../history/words.js";
import { keptFromReturning, stepsOf, type DeploymentState } from "../machine/index.js";

/** What will become of a deployment if it is asked to stop now. */
export interface StopOutlook {
  resume(state: DeploymentState): void;
  event(event: DeploymentEvent): void;
  /** In short, behind the name of the key: `takes back what was begun`. */
  hint(): string;
  /** As a sentence goes on after `the deployment is asked to stop, `. */
  words(): string;
}

export function createStopOutlook(): StopOutlook {
  let plan: Plan | undefined;
  let isForced = false;
  const intents = new Set<string>();

  /** Steps that have begun and cannot be taken back. */
  const kept = (): readonly string[] =>
    plan === undefined || isForced ? [] : keptFromReturning({ plan, intents: [...intents] }).map(({ id }) => id);

  return {
    resume(state) {
      plan = state.plan;
      isForced = state.forced !== null;
      for (const id of state.intents) intents.add(id);
    },
    event({ type, data }) {
      if (type === "deployment.created" || type === "plan.renewed") plan = data.plan;
      if (type === "rollback.requested") isForced = true;
      if (type !== "step.started" || data.direction !== "forward" || plan === undefined) return;
      if (stepsOf(plan).find(({ id }) => id === data.step)?.effect === true) intents.add(data.step);
    },
    hint() {
      if (kept().length > 0) return "stops it and asks what to do";
      return intents.size === 0 ? "calls it off" : "takes back what was begun";
    },
    words() {
      const steps = kept();
      if (steps.length > 0) return `but ${listed(steps)} cannot be taken back: it stops as it is and asks what to do`;
      return intents.size === 0 ? "and nothing was begun that would have to be taken back" : "and what was begun is taken back";
    },
  };
}
