import type { Store, StoreCommit } from "../../src/contract/store.js";
import { storeErrors } from "../../src/errors/store-errors.js";
import { fail } from "../../src/errors/fairlead-error.js";
import type { Clock } from "../../src/time/clock.js";
import type { VirtualTime } from "./virtual-time.js";

/** What goes wrong with the next commit of a process. */
export type CommitFault = { readonly kind: "refused" | "unheard" } | { readonly kind: "slow"; readonly milliseconds: number };

/** A process as the machine it runs on treats it: it can be killed, frozen, cut off from the store, and its clock can be set. */
export interface Process {
  readonly name: string;
  readonly clock: Clock;
  readonly store: Store;
  readonly isDead: boolean;
  /** When it runs again and reaches the store again, and what it has sent has been answered. */
  readonly backAt: number;
  /** Nothing of it happens any more. */
  kill(): void;
  /** It does nothing for so long, and then goes on as if nothing had been. */
  freeze(milliseconds: number): void;
  /** Nothing comes through between it and the store for so long. */
  cut(milliseconds: number): void;
  /** Its clock jumps. */
  setClock(milliseconds: number): void;
  failCommit(fault: CommitFault): void;
  /** Hands on what came from outside when the process can take it. */
  receive<Result>(result: Promise<Result>): Promise<Result>;
}

const never = (): Promise<never> => new Promise(() => undefined);

/** `commit` is the one that is watched: it is told which process commits. */
export function createProcess(options: {
  readonly name: string;
  readonly time: VirtualTime;
  readonly store: Store;
  readonly commit: (process: string, commit: StoreCommit) => ReturnType<Store["commit"]>;
}): Process {
  const { name, time, store } = options;
  const faults: CommitFault[] = [];
  let isDead = false;
  let frozenUntil = 0;
  let cutUntil = 0;
  let answeredAt = 0;
  let ahead = 0;

  /** Waits until it runs, and with `reach` until it reaches the store. */
  const run = async (reach = false): Promise<void> => {
    for (;;) {
      if (isDead) await never();
      const until = Math.max(frozenUntil, reach ? cutUntil : 0);
      if (until <= time.now()) return;
      await time.sleep(until - time.now());
    }
  };

  const receive = async <Result>(result: Promise<Result>): Promise<Result> => {
    const settled = await result.then(
      (value) => () => value,
      (error: unknown) => () => {
        throw error;
      },
    );
    await run();
    return settled();
  };

  const reach = async <Result>(use: () => Promise<Result>): Promise<Result> => {
    await run(true);
    const result = use();
    result.catch(() => undefined);
    // Told when it runs: it may have been cut off or frozen meanwhile.
    return receive(result);
  };

  const commit = async (written: StoreCommit): ReturnType<Store["commit"]> => {
    const fault = faults.shift();
    if (fault?.kind === "refused") throw fail(storeErrors, "STORE_UNAVAILABLE", { store: name, problem: "no connection" });
    const answer = await options.commit(name, written);
    if (fault?.kind === "unheard") throw fail(storeErrors, "STORE_UNAVAILABLE", { store: name, problem: "the connection was lost" });
    if (fault?.kind === "slow") {
      answeredAt = Math.max(answeredAt, time.now() + fault.milliseconds);
      await time.sleep(fault.milliseconds);
    }
    return answer;
  };

  const { leases, outbox } = store;
  return {
    name,
    clock: {
      now: () => time.now() + ahead,
      sleep: (milliseconds, { signal } = {}) =>
        new Promise((resolve, reject) => {
          const wake = (): void => {
            if (isDead) return;
            if (frozenUntil > time.now()) forget = time.at(frozenUntil, wake);
            else {
              signal?.removeEventListener("abort", onAbort);
              resolve();
            }
          };
          let forget = time.at(time.now() + milliseconds, wake);
          const onAbort = (): void => {
            forget();
            reject(signal?.reason as Error);
          };
          if (signal?.aborted === true) onAbort();
          else signal?.addEventListener("abort", onAbort, { once: true });
        }),
    },
    store: {
      ...store,
      shared: true,
      commit: (written) => reach(() => commit(written)),
      read: (...parameters) => reach(() => store.read(...parameters)),
      list: (query) => reach(() => store.list(query)),
      claimOf: (key) => reach(() => store.claimOf(key)),
      now: () => reach(() => store.now()),
      leases: {
        acquire: (request) => reach(() => leases.acquire(request)),
        renew: (lease, ttl) => reach(() => leases.renew(lease, ttl)),
        release: (lease) => reach(() => leases.release(lease)),
        read: (lease) => reach(() => leases.read(lease)),
      },
      timers: { due: (query) => reach(() => store.timers.due(query)) },
      outbox: {
        ...outbox,
        lease: (request) => reach(() => outbox.lease(request)),
        list: (query) => reach(() => outbox.list(query)),
      },
      async *watch(query) {
        const changes = store.watch(query)[Symbol.asyncIterator]();
        for (;;) {
          const change = await receive(changes.next());
          if (change.done === true) return;
          yield change.value;
        }
      },
      close: () => Promise.resolve(),
    },
    get isDead() {
      return isDead;
    },
    get backAt() {
      return isDead ? 0 : Math.max(frozenUntil, cutUntil, answeredAt);
    },
    kill: () => {
      isDead = true;
    },
    freeze: (milliseconds) => {
      frozenUntil = time.now() + milliseconds;
    },
    cut: (milliseconds) => {
      cutUntil = time.now() + milliseconds;
    },
    setClock: (milliseconds) => {
      ahead = milliseconds;
    },
    failCommit: (fault) => void faults.push(fault),
    receive,
  };
}
