import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { attemptOf, begunBy, type AttemptTask, type Command, type DeploymentState } from "../machine/index.js";
import { performAttempt } from "./attempt.js";
import type { DraftEvent } from "./deployment-writer.js";
import type { Driving } from "./driver.js";
import { followUp } from "./follow-up.js";
import { performObservation } from "./observation.js";

/** What this process has under way for a deployment. */
export interface Calls {
  /** Acts on what is begun in the journal and not under way, once per attempt. */
  actOnIntents(): void;
  /** Appends what the state asks for, and acts on the intents among it. */
  advance(): Promise<void>;
  /** Once per attempt, however often it is asked for. */
  observe(command: Extract<Command, { type: "observe" }>): void;
  cancel(about: Pick<AttemptTask, "step" | "direction">): void;
  areRunning(): boolean;
  /** Resolves when one has come to its end and what follows is appended; rejects if it cannot be appended. */
  next(): Promise<void>;
  /** Gives everything up and begins nothing more. Resolves when what is known of it then is in the journal, or cannot be appended. */
  end(): Promise<void>;
}

interface Call {
  readonly about: Pick<AttemptTask, "step" | "direction">;
  readonly done: Promise<void>;
  readonly cancel: AbortController;
}

/** A gate that was left answers still; that it was cut off says nothing about it. */
function isLeft(state: DeploymentState, { step, direction }: Call["about"]): boolean {
  return !step.effect && direction === "forward" && attemptOf(state, step, "forward").status === "succeeded";
}

export function createCalls(driving: Driving, isHalted: () => boolean): Calls {
  const { engine, writer, fence } = driving;
  const running = new Map<string, Call>();
  let ended = false;
  /** One that is given up because another step failed has not failed itself. */
  const reasonOf = ({ step }: Call["about"]): Error => {
    const { abort, forced, id } = writer.state;
    return abort === null && forced === null
      ? fail(coreErrors, "STEP_GIVEN_UP", { step: step.id })
      : fail(coreErrors, "DEPLOYMENT_ABORTED", { deploymentId: id });
  };

  const launch = (key: string, about: Call["about"], act: (signal: AbortSignal) => Promise<DraftEvent>): void => {
    if (running.has(key)) return;
    const cancel = new AbortController();
    // One whose outcome could not be appended stays, or it would be acted on once more.
    const done = act(cancel.signal)
      .then((outcome) => advance(outcome, about))
      .then(() => void running.delete(key));
    // Told to whoever waits for the next one.
    done.catch(() => undefined);
    running.set(key, { about, done, cancel });
  };

  const actOnIntents = (): void => {
    if (isHalted() || ended) return;
    for (const task of begunBy(fence, writer.state)) {
      launch(`act on ${task.step.id} ${task.direction} ${String(task.attempt)}`, task, (signal) => performAttempt(driving, task, signal));
    }
  };

  const advance = async (outcome?: DraftEvent, about?: Call["about"]): Promise<void> => {
    await writer.append((state) => {
      if (state === undefined) return undefined;
      const news = about !== undefined && isLeft(state, about) ? undefined : outcome;
      if (isHalted() || ended) return news === undefined ? undefined : [news];
      return followUp(state, news, engine.clock.now());
    });
    actOnIntents();
  };

  return {
    actOnIntents,
    advance: () => advance(),
    observe: (command) => {
      const { step, direction, attempt } = command;
      launch(`look at ${step.id} ${direction} ${String(attempt)}`, command, (signal) => performObservation(driving, command, signal));
    },
    cancel: ({ step, direction }) => {
      for (const { about, cancel } of running.values()) {
        if (about.step.id === step.id && about.direction === direction) cancel.abort(reasonOf(about));
      }
    },
    areRunning: () => running.size > 0,
    next: () => Promise.race([...running.values()].map(({ done }) => done)),
    end: async () => {
      ended = true;
      const left = [...running.values()];
      for (const { about, cancel } of left) cancel.abort(fail(coreErrors, "STEP_INTERRUPTED", { step: about.step.id }));
      await Promise.allSettled(left.map(({ done }) => done));
    },
  };
}
