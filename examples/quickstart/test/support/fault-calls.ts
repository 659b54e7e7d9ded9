import type { DeploymentEvent } from "@fairlead/core";
import type { FaultMatch, VercelLedger } from "@fairlead/testing/emulators";

/** A request of the deploying process to the provider, by what tells it from the others of its run. */
export interface FaultCall {
  /** The step that made it, `before` the first or `after` the last. */
  readonly step: string;
  /** The operation, or the kind of site. */
  readonly name: string;
  readonly match: FaultMatch;
  /** The how-many-th of those that `match` meets. */
  readonly nth: number;
  /** Whether it asks for something to be done. */
  readonly changes: boolean;
}

interface Request {
  readonly at: number;
  readonly name: string;
  readonly path: string;
  readonly match: FaultMatch;
  readonly changes: boolean;
}

const domains = ["shop.example", "shop.vercel.app"];
const healthPage = "/health.json";

/** The calls of a run in their order, by the provider's own ledger and by what the process said meanwhile. What comes before `since` is left out and not counted. */
export function callsIn(
  { requests, served }: VercelLedger,
  events: readonly DeploymentEvent[],
  since: { readonly requests: number; readonly served: number },
): readonly FaultCall[] {
  const pages = served.slice(since.served).filter(({ path }) => path === healthPage);
  const all: Request[] = [
    ...requests
      .slice(since.requests)
      .map(({ at, operation, method, path }) => ({ at, name: operation, path, match: { operation }, changes: method !== "GET" })),
    ...pages.map(({ at, host, path }) => ({ at, path: host + path, ...siteOf(host), changes: false })),
  ];
  const counts = new Map<string, number>();
  const seen = new Set<string>();
  return all
    .sort((one, other) => one.at - other.at)
    .flatMap(({ at, name, path, match, changes }): FaultCall[] => {
      const nth = (counts.get(name) ?? 0) + 1;
      counts.set(name, nth);
      const step = stepAt(events, at);
      // The rounds of a bake are alike: the first stands for all.
      if (step === "bake" && seen.has(path)) return [];
      if (step === "bake") seen.add(path);
      return [{ step, name, match, nth, changes }];
    });
}

function siteOf(host: string): Pick<Request, "name" | "match"> {
  const isDomain = domains.includes(host);
  return { name: isDomain ? host : "own address", match: { host: isDomain ? host : "shop-*-emulated.vercel.app", path: healthPage } };
}

/** The step that had been begun last. */
export function stepAt(events: readonly DeploymentEvent[], at: number): string {
  const told = events.filter((event) => Date.parse(event.at) <= at);
  const last = told.findLast(({ type }) => type === "step.started" || isEnd(type));
  if (last === undefined) return "before";
  if (last.type !== "step.started") return "after";
  return last.data.direction === "undo" ? `undo of ${last.data.step}` : last.data.step;
}

function isEnd(type: DeploymentEvent["type"]): boolean {
  return type === "deployment.succeeded" || type === "deployment.rolled-back";
}

/** The first of each kind in each step. */
export function firstOfEach(calls: readonly FaultCall[]): readonly FaultCall[] {
  const seen = new Set<string>();
  return calls.filter(({ step, name }) => {
    const isFirst = !seen.has(`${step} ${name}`);
    seen.add(`${step} ${name}`);
    return isFirst;
  });
}
