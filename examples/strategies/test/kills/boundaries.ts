import { writeSync } from "node:fs";
import type { Store, StoreCommit } from "@fairlead/core";

/** Where a process is killed: before the nth thing that it does is begun, so many milliseconds after that, or when it is done and nobody has learned of it. */
export interface Death {
  readonly nth: number;
  readonly moment: "before" | "during" | "after";
  /** Default 1. */
  readonly delay?: number;
}

/** Everything that a process does to the world, one thing after another. */
export interface Boundaries {
  /** From now on things are counted, and the death is due. */
  arm(death: Death | undefined): void;
  /** The death is not due any more. */
  disarm(): void;
  /** Names of what was begun since then. */
  readonly passed: readonly string[];
  /** When the first thing was done since then, besides taking the lease and saying so; `undefined`: nothing was. */
  readonly actedAt: number | undefined;
  /** The store, each commit of which is a boundary. */
  watchStore(store: Store): Store;
  /** `fetch`, each request of which that changes something is a boundary. */
  watchFetch(original: typeof fetch): typeof fetch;
}

/** Where the last words of a dying process go. */
const lastWords = 3;

export function createBoundaries(): Boundaries {
  let due: Death | undefined;
  let passed: string[] = [];
  let actedAt: number | undefined;
  const dieAt = (moment: Death["moment"], nth: number, name: string): void => {
    if (due?.nth !== nth || due.moment !== moment) return;
    writeSync(lastWords, `${moment} ${name}`);
    process.kill(process.pid, "SIGKILL");
    for (;;);
  };
  const pass = async <Result>(name: string, act: () => Promise<Result>): Promise<Result> => {
    passed.push(name);
    const nth = passed.length;
    dieAt("before", nth, name);
    const done = act();
    if (due?.moment === "during" && due.nth === nth) setTimeout(dieAt, due.delay ?? 1, "during", nth, name);
    const result = await done;
    dieAt("after", nth, name);
    return result;
  };
  const noteAction = (): void => {
    actedAt ??= performance.now();
  };
  return {
    arm(death) {
      due = death;
      passed = [];
      actedAt = undefined;
    },
    disarm() {
      due = undefined;
    },
    get passed() {
      return passed;
    },
    get actedAt() {
      return actedAt;
    },
    watchStore: (store) => ({
      ...store,
      commit: (commit) => {
        const name = nameOf(commit);
        if (name.startsWith("step.")) noteAction();
        return pass(`the commit of ${name}`, () => store.commit(commit));
      },
      leases: {
        ...store.leases,
        acquire: (request) => pass("the commit of the lease", () => store.leases.acquire(request)),
      },
    }),
    watchFetch: (original) => async (input, init) => {
      noteAction();
      const method = init?.method ?? "GET";
      if (method === "GET") return original(input, init);
      const { pathname } = new URL(input instanceof Request ? input.url : input);
      const [, , , what = ""] = pathname.split("/");
      // The effect is there when the answer is.
      return pass(`${method} ${what}`, () => original(input, init));
    },
  };
}

/** The first event says what a commit is about. */
function nameOf({ streams }: StoreCommit): string {
  const [event] = streams.flatMap(({ events }) => events);
  const { step, direction } = event?.data ?? {};
  return [event?.type ?? "nothing", typeof step === "string" ? step : "", direction === "undo" ? direction : ""]
    .filter((word) => word !== "")
    .join(" ");
}
