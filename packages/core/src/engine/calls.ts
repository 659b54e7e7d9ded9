import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { Command } from "../machine/index.js";
import { performAttempt } from "./attempt.js";
import type { DraftEvent } from "./deployment-writer.js";
import type { Driving } from "./driver.js";
import { followUp, type AttemptTask } from "./follow-up.js";
import { performObservation } from "./observation.js";

/** What this process has under way for a deployment. */
export interface Calls {
  /** Appends what the state asks for, and acts on the intents among it. */
  advance(): Promise<void>;
  /** Once per attempt, however often it is asked for. */
  observe(command: Extract<Command, { type: "observe" }>): void;
  cancel(about: Pick<AttemptTask, "step" | "direction">): void;
  /** Resolves when one has come to its end and what follows is appended; rejects if it cannot be appended. */
  next(): Promise<void>;
  /** Gives everything up without a further write. */
  end(): void;
}

interface Call {
  readonly about: Pick<AttemptTask, "step" | "direction">;
  readonly done: Promise<void>;
  readonly cancel: AbortController;
}

export function createCalls(driving: Driving, isHalted: () => boolean): Calls {
  const { engine, writer } = driving;
  const running = new Map<string, Call>();
  const aborted = () => fail(coreErrors, "DEPLOYMENT_ABORTED", { deploymentId: writer.state.id });

  const launch = (key: string, about: Call["about"], act: (signal: AbortSignal) => Promise<DraftEvent>): void => {
    if (running.has(key)) return;
    const cancel = new AbortController();
    const done = act(cancel.signal)
      .then(advance)
      .finally(() => running.delete(key));
    // Told to whoever waits for the next one.
    done.catch(() => undefined);
    running.set(key, { about, done, cancel });
  };

  const advance = async (outcome?: DraftEvent): Promise<void> => {
    let begun: readonly AttemptTask[] = [];
    await writer.append((state) => {
      if (state === undefined) return undefined;
      if (isHalted()) return outcome === undefined ? undefined : [outcome];
      const next = followUp(state, outcome, engine.clock.now());
      ({ begun } = next);
      return next.events;
    });
    if (isHalted()) return;
    for (const task of begun) {
      launch(`act on ${task.step.id} ${task.direction} ${String(task.attempt)}`, task, (signal) => performAttempt(driving, task, signal));
    }
  };

  return {
    advance: () => advance(),
    observe: (command) => {
      const { step, direction, attempt } = command;
      launch(`look at ${step.id} ${direction} ${String(attempt)}`, command, (signal) => performObservation(driving, command, signal));
    },
    cancel: ({ step, direction }) => {
      for (const { about, cancel } of running.values()) {
        if (about.step.id === step.id && about.direction === direction) cancel.abort(aborted());
      }
    },
    next: () => Promise.race([...running.values()].map(({ done }) => done)),
    end: () => {
      for (const { cancel } of running.values()) cancel.abort(aborted());
    },
  };
}
