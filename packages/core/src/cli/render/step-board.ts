import type { DeploymentEvent, Direction } from "../../contract/deployment-events.js";
import type { Plan } from "../../contract/plan.js";
import { stepsOf, type DeploymentState } from "../../machine/index.js";

/** A step that runs, or of which is being found out what came of it. */
export interface RunningStep {
  readonly id: string;
  readonly description: string;
  readonly direction: Direction;
  readonly attempt: number;
  /** Epoch milliseconds. */
  readonly since: number;
  readonly deadline: number;
  /** When the provider is asked what came of it, in epoch milliseconds; it has not said so itself. */
  readonly observeAt: number | undefined;
  /** The last thing that it said. */
  readonly said: string | undefined;
}

/** What is known of a deployment's steps from its events so far. */
export interface StepBoard {
  readonly plan: Plan | undefined;
  /** Whether no further step will begin. */
  readonly isStopping: boolean;
  /** Takes over what is known already, instead of the events that led to it. */
  resume(state: DeploymentState): void;
  /** Answers the attempt that the event ended, if it ended one. */
  apply(event: DeploymentEvent): RunningStep | undefined;
  say(step: string, text: string): void;
  running(): readonly RunningStep[];
  /** Steps that have not begun. */
  next(): readonly string[];
}

export function createStepBoard(): StepBoard {
  const running = new Map<string, RunningStep>();
  const begun = new Set<string>();
  let plan: Plan | undefined;
  let isStopping = false;

  const end = (key: string): RunningStep | undefined => {
    const ended = running.get(key);
    running.delete(key);
    return ended;
  };

  const describe = (id: string): string =>
    (plan === undefined ? undefined : stepsOf(plan).find((step) => step.id === id)?.description) ?? "";

  return {
    get plan() {
      return plan;
    },
    get isStopping() {
      return isStopping;
    },
    resume(state) {
      plan = state.plan;
      isStopping = state.abort !== null || state.rollback !== null;
      for (const [id, directions] of Object.entries(state.steps)) {
        if (directions.forward.status !== "waiting") begun.add(id);
        for (const direction of ["forward", "undo"] as const) {
          const attempt = directions[direction];
          if (attempt.status !== "started") continue;
          const { at: since, deadline } = attempt;
          const step = { id, description: describe(id), direction, attempt: attempt.attempt, since, deadline };
          running.set(keyOf({ step: id, direction }), { ...step, observeAt: undefined, said: undefined });
        }
      }
    },
    apply({ type, at, data }) {
      switch (type) {
        case "deployment.created":
          plan = data.plan;
          return undefined;
        case "abort.requested":
        case "rollback.started":
          isStopping = true;
          return undefined;
        case "step.started": {
          const { step: id, direction, attempt, deadline } = data;
          begun.add(id);
          running.set(keyOf(data), {
            id,
            description: describe(id),
            direction,
            attempt,
            since: Date.parse(at),
            deadline,
            observeAt: undefined,
            said: undefined,
          });
          return undefined;
        }
        case "step.interrupted": {
          const step = running.get(keyOf(data));
          if (step !== undefined) running.set(keyOf(data), { ...step, observeAt: data.observeAt });
          return undefined;
        }
        case "step.deferred": {
          // Its attempt is over; what it waits for has a time of its own, unless it only looks again.
          const { waitingFor, until, reason } = data;
          const step = running.get(keyOf(data));
          const deadline = waitingFor === "time" ? 0 : (until ?? 0);
          if (step !== undefined) running.set(keyOf(data), { ...step, deadline, said: reason });
          return undefined;
        }
        case "step.succeeded":
        case "step.failed":
          return end(keyOf(data));
        default:
          return undefined;
      }
    },
    say(id, text) {
      for (const [key, step] of running) if (step.id === id) running.set(key, { ...step, said: text });
    },
    running: () => [...running.values()],
    next: () => (plan === undefined ? [] : stepsOf(plan).flatMap(({ id }) => (begun.has(id) ? [] : [id]))),
  };
}

function keyOf({ step, direction }: { readonly step: string; readonly direction: Direction }): string {
  return `${step} ${direction}`;
}
