import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { streamNames } from "../journal/index.js";
import { decide, hasEnded, type Command } from "../machine/index.js";
import { performAttempt } from "./attempt.js";
import type { DeploymentWriter } from "./deployment-writer.js";
import type { Engine } from "./engine.js";
import type { LeaseKeeper } from "./lease-keeper.js";
import type { StepLog } from "./log-writer.js";
import { performObservation } from "./observation.js";
import { servingFacts } from "./serving-facts.js";

/** A deployment that this process has the lease of. */
export interface Driving {
  readonly engine: Engine;
  readonly writer: DeploymentWriter;
  readonly log: StepLog;
  readonly fence: number;
}

/**
 * Carries a deployment on until it has ended or a person has to decide. Stops without another write when the lease is lost or `stop` aborts: whoever takes over finds out what came of what
 * was running.
 */
export async function drive(driving: Driving, keeper: LeaseKeeper, stop: AbortSignal): Promise<void> {
  const { writer } = driving;
  const running = new Map<string, { readonly done: Promise<void>; readonly cancel: AbortController }>();
  const halted = whenAborted([keeper.lost, stop]);
  const watch = watchOthers(driving);
  try {
    for (;;) {
      if (keeper.lost.aborted || stop.aborted) return;
      if (hasEnded(writer.state.phase) || writer.state.phase === "needs_attention") return;
      const commands = decide(writer.state);
      for (const command of commands) await carryOut(driving, command, running);
      // What was recorded leads on by itself; everything else is waited for.
      if (commands.some(({ type }) => type === "record" || type === "ask")) continue;
      await Promise.race([...[...running.values()].map(({ done }) => done), watch.next(), halted.promise]);
    }
  } finally {
    watch.stop();
    halted.forget();
    for (const { cancel } of running.values()) cancel.abort(fail(coreErrors, "DEPLOYMENT_ABORTED", { deploymentId: writer.state.id }));
    await driving.log.flush();
  }
}

async function carryOut(
  driving: Driving,
  command: Command,
  running: Map<string, { readonly done: Promise<void>; readonly cancel: AbortController }>,
): Promise<void> {
  const { writer } = driving;
  if (command.type === "record") {
    await writer.append((state) =>
      state !== undefined && decide(state).some((other) => other.type === "record" && other.event.type === command.event.type)
        ? [command.event]
        : undefined,
    );
    return;
  }
  if (command.type === "ask") {
    const serving = await servingFacts(driving);
    const { reason, errors, options } = command;
    await writer.append(() => [{ type: "attention.requested", data: { reason, errors, serving, options } }]);
    return;
  }
  const key = `${command.step.id} ${command.direction}`;
  if (command.type === "cancel") {
    running.get(key)?.cancel.abort(fail(coreErrors, "DEPLOYMENT_ABORTED", { deploymentId: writer.state.id }));
    return;
  }
  if (running.has(key)) return;
  const cancel = new AbortController();
  const work =
    command.type === "attempt" ? performAttempt(driving, command, cancel.signal) : performObservation(driving, command, cancel.signal);
  const done = work.finally(() => running.delete(key));
  done.catch(() => undefined);
  running.set(key, { done, cancel });
}

/** Commands of other processes are events in the same journal. */
function watchOthers({ engine, writer }: Driving): { next(): Promise<void>; stop(): void } {
  const stopped = new AbortController();
  const prefix = streamNames.deployment(engine.application, writer.state.id);
  const changes = engine.store.watch({ prefix, signal: stopped.signal })[Symbol.asyncIterator]();
  let pending: Promise<void> | undefined;
  const one = async (): Promise<void> => {
    for (;;) {
      const next = await changes.next();
      if (next.done === true) return;
      if (next.value.version > writer.state.version) return writer.refresh();
    }
  };
  return {
    next: () => {
      pending ??= one().finally(() => {
        pending = undefined;
      });
      return pending;
    },
    stop: () => {
      stopped.abort("nobody watches any more");
      pending?.catch(() => undefined);
    },
  };
}

function whenAborted(signals: readonly AbortSignal[]): { readonly promise: Promise<void>; forget(): void } {
  const forgotten = new AbortController();
  const promise = new Promise<void>((resolve) => {
    for (const signal of signals)
      signal.addEventListener(
        "abort",
        () => {
          resolve();
        },
        { once: true, signal: forgotten.signal },
      );
  });
  return {
    promise,
    forget: () => {
      forgotten.abort("nobody waits any more");
    },
  };
}
