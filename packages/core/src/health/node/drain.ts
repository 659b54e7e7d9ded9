import type { Server } from "node:net";
import type { Logger } from "../../contract/call.js";
import { systemClock, type Clock } from "../../time/clock.js";
import type { Duration } from "../../time/duration.js";
import { describeFailure } from "../failure.js";
import type { Health } from "../health.js";
import { readLength } from "../read-options.js";
import { watchServer } from "./serving.js";

export interface DrainOptions {
  /** Says at once that it is not ready. */
  readonly health?: Pick<Health, "drain">;
  /** Ends its event streams at once, which would otherwise hold the servers up: the surface of `createHttp`. Not needed where that was made with the same `health`. */
  readonly http?: { drain(): void };
  /** Servers of `node:http`, `node:https` and `node:http2`, before they listen: a connection that was there before is not counted when it is cut. */
  readonly servers: readonly Server[];
  /**
   * How long to serve on, so that every balancer has seen that this process is not ready: longer than the balancer's interval × its threshold. Default `5s`.
   */
  readonly delay?: Duration;
  /** How long requests that are under way may take after that; then their connections are cut. Default `20s`. */
  readonly within?: Duration;
  /** What is closed behind the servers: pools, queues, telemetry. A host whose process does not end by itself may end it here. */
  readonly close?: () => unknown;
  /** Default: nobody is told. */
  readonly log?: Logger;
  /** Default: the machine's. */
  readonly clock?: Clock;
}

/** What came of it. */
export interface Drained {
  /** How many connections had to be cut. */
  readonly cut: number;
}

/** The end of a process that serves, without a lost request. */
export interface Drain {
  /**
   * Not ready at once, though as live as before; serves on for the delay and asks clients to leave their connections; accepts nothing more and waits for what is under way; closes the rest.
   * Idempotent: everybody gets the same promise. Rejects with what `close` throws, after everything is done.
   */
  begin(): Promise<Drained>;
  /**
   * Begins when the process gets one of these signals, the first time; a second one ends the process as if nobody listened. Default `SIGTERM` and `SIGINT`. Returns the function that removes the
   * listeners. Never exits: a process with nothing left to do ends by itself.
   */
  onSignals(signals?: readonly NodeJS.Signals[]): () => void;
}

/** Makes what ends a server well. Does nothing until `begin()` or a signal. Throws `HEALTH_OPTION_INVALID`. */
export function createDrain(options: DrainOptions): Drain {
  const { health, http, log, clock = systemClock, close } = options;
  const delay = readLength("delay", options.delay ?? "5s");
  const within = readLength("within", options.within ?? "20s");
  const servers = options.servers.map(watchServer);
  let drained: Promise<Drained> | undefined;

  const run = async (): Promise<Drained> => {
    health?.drain();
    http?.drain();
    for (const server of servers) server.letGo();
    log?.info("draining", { delay, within });
    await clock.sleep(delay);
    const finished = new AbortController();
    const closed = Promise.all(servers.map((server) => server.close()));
    const inTime = await Promise.race([closed.then(() => true), clock.sleep(within, { signal: finished.signal }).then(() => false)]);
    finished.abort("over");
    const cut = inTime ? 0 : servers.reduce((sum, server) => sum + server.cut(), 0);
    if (cut > 0) log?.warn("connections were cut", { cut });
    await close?.();
    return { cut };
  };

  const begin = (): Promise<Drained> => (drained ??= run());
  return Object.freeze<Drain>({
    begin,
    onSignals(signals = ["SIGTERM", "SIGINT"]) {
      const listener = (): void => {
        begin().catch((error: unknown) => log?.error("closing failed", { message: describeFailure(error).message }));
      };
      for (const signal of signals) process.once(signal, listener);
      return () => {
        for (const signal of signals) process.off(signal, listener);
      };
    },
  });
}
