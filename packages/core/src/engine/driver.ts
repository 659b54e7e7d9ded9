import { streamNames } from "../journal/index.js";
import { decide, hasEnded, never, type Command } from "../machine/index.js";
import { createAlarm } from "./alarm.js";
import { createCalls } from "./calls.js";
import type { DeploymentWriter } from "./deployment-writer.js";
import type { Engine } from "./engine.js";
import type { LeaseKeeper } from "./lease-keeper.js";
import type { StepLog } from "./log-writer.js";
import { servingFacts } from "./serving-facts.js";
import { watchPatiently } from "./watch-patiently.js";

/** What waits for longer than this, in milliseconds, is left to a timer. */
const parkAfter = 30_000;

/** A deployment that this process has the lease of. */
export interface Driving {
  readonly engine: Engine;
  readonly writer: DeploymentWriter;
  readonly log: StepLog;
  readonly fence: number;
}

/**
 * Carries a deployment on until it has ended or a person has to decide. Stops without another intent when the lease is lost or `stop` aborts: whoever takes over finds out what came of what
 * was running. With `stop` it is told that it was left, so that the lease can be given up.
 */
export async function drive(driving: Driving, keeper: LeaseKeeper, stop: AbortSignal): Promise<void> {
  const { writer } = driving;
  const isHalted = (): boolean => keeper.lost.aborted || stop.aborted;
  const calls = createCalls(driving, isHalted);
  const halted = whenAborted([keeper.lost, stop]);
  const watch = watchOthers(driving);
  const alarm = createAlarm(driving.engine.clock);
  try {
    calls.actOnIntents();
    while (!isHalted() && !hasEnded(writer.state.phase) && writer.state.phase !== "needs_attention") {
      const commands = decide(writer.state);
      for (const command of commands) {
        if (command.type === "cancel") calls.cancel(command);
        if (command.type === "observe") calls.observe(command);
        if (command.type === "ask") await ask(driving, command);
      }
      const next = nextTime(commands);
      const now = driving.engine.clock.now();
      // What was recorded leads on by itself; everything else is waited for.
      if (next <= now) await calls.advance();
      else if (commands.some(({ type }) => type === "ask")) continue;
      else if (!calls.areRunning() && next - now > parkAfter) {
        await park(driving, next);
        return;
      } else await Promise.race([calls.next(), watch.next(), halted.promise, alarm.at(next)]);
    }
  } finally {
    watch.stop();
    alarm.stop();
    halted.forget();
    const left = calls.end();
    // Of a lease that is lost nothing can be told any more.
    if (stop.aborted && !keeper.lost.aborted) await left;
    await driving.log.flush();
  }
}

/** When the first of these is to be appended: infinity if none is without an event. */
function nextTime(commands: readonly Command[]): number {
  const times = commands.map((command) => (command.type === "attempt" || command.type === "record" ? command.notBefore : never));
  return Math.min(never, ...times);
}

/** All it does is wait: the lease ends, and whoever comes when it is time goes on. */
async function park({ writer }: Driving, next: number): Promise<void> {
  const until = next === never ? null : next;
  await writer.append((state) =>
    state === undefined || hasEnded(state.phase) ? undefined : [{ type: "deployment.parked", data: { until } }],
  );
}

async function ask(driving: Driving, { reason, errors, options }: Extract<Command, { type: "ask" }>): Promise<void> {
  const serving = await servingFacts(driving);
  await driving.writer.append(() => [{ type: "attention.requested", data: { reason, errors, serving, options } }]);
}

/** Commands of other processes are events in the same journal. */
function watchOthers({ engine, writer }: Driving): { next(): Promise<void>; stop(): void } {
  const stopped = new AbortController();
  const prefix = streamNames.deployment(engine.application, writer.state.id);
  const changes = watchPatiently({ store: engine.store, clock: engine.clock, prefix, signal: stopped.signal });
  let pending: Promise<void> | undefined;
  const one = async (): Promise<void> => {
    for (;;) {
      const next = await changes.next();
      if (next.done === true) return;
      if (next.value === undefined || next.value.version > writer.state.version) return writer.refresh();
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
