import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { backgroundClock } from "../../time/background-clock.js";
import { systemClock } from "../../time/clock.js";
import type { Duration } from "../../time/duration.js";
import { requireAddress } from "./tcp-check.js";
import type { Health } from "../health.js";
import { readLength } from "../read-options.js";
import { serveLiveness, type LivenessData } from "./liveness-thread.js";

export interface LivenessResponderOptions {
  readonly health: Pick<Health, "snapshot" | "onChange">;
  /** Of its own: the application's port is served by the thread that may be blocked. 0 takes any that is free. */
  readonly port: number;
  /** Who may ask. Default `127.0.0.1`; a kubelet asks from outside: `0.0.0.0`. */
  readonly host?: string;
  /** How long the event loop may be blocked before the process counts as dead. Default `10s`. */
  readonly within?: Duration;
}

/** Answers whether this process lives, from a thread of its own. */
export interface LivenessResponder {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Answers `GET` and `HEAD` of every path with whether this process lives, from a worker thread: also while the event loop is blocked, and then by how long it has been. 503 when it is blocked for
 * longer than `within`, or a liveness check is down; 200 otherwise, with `{ status, release, blocked }`, `blocked` in milliseconds. Keeps no process alive; costs about 10 MB. Rejects if it
 * cannot listen, and with `HEALTH_OPTION_INVALID` and `CHECK_INVALID`.
 */
export async function startLivenessResponder(options: LivenessResponderOptions): Promise<LivenessResponder> {
  const { health, port, host = "127.0.0.1" } = options;
  if (port !== 0) requireAddress("liveness-responder", host, port);
  const within = readLength("within", options.within ?? "10s");
  const every = Math.max(10, Math.min(1_000, within / 4));
  const beat = new BigInt64Array(new SharedArrayBuffer(8));
  const dead = new Int32Array(new SharedArrayBuffer(4));
  const strike = (): void => {
    Atomics.store(beat, 0, process.hrtime.bigint());
  };
  const look = (): void => {
    Atomics.store(dead, 0, health.snapshot().live ? 0 : 1);
  };
  strike();
  look();
  const { release } = health.snapshot();
  const data: LivenessData = { beat, dead, release, host, port, within, every };
  const worker = new Worker(`(${serveLiveness.toString()})(require("node:http"), require("node:worker_threads"))`, {
    eval: true,
    workerData: data,
  });
  const [answer] = (await once(worker, "message")) as [{ readonly port: number }];
  worker.unref();
  // Should the thread ever fail, probes get no answer, which says enough; the application must not fall with it.
  worker.on("error", () => undefined);
  const stopListening = health.onChange(look);
  const ending = new AbortController();
  const clock = backgroundClock(systemClock);
  const beating = (async () => {
    while (!ending.signal.aborted) {
      strike();
      look();
      await clock.sleep(every, { signal: ending.signal }).catch(() => undefined);
    }
  })();
  return Object.freeze<LivenessResponder>({
    port: answer.port,
    async close() {
      stopListening();
      ending.abort();
      await beating;
      await worker.terminate();
    },
  });
}
