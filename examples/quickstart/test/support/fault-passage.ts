import type { DeploymentEvent } from "@fairlead/core";
import type { Fault } from "@fairlead/testing/emulators";
import { setTimeout as sleep } from "node:timers/promises";
import { callsIn, type FaultCall } from "./fault-calls.ts";
import type { FaultStage, WatchedRun } from "./fault-stage.ts";
import { lookFromOutside, type Outside } from "./seen-from-outside.ts";

/** Three ways of a deployment: the first release, the next one, and one that is taken back once it serves. */
export const ways = {
  "the first release": { start: "nothing", release: "1", before: "nothing", migrations: [0, 1] },
  "the next release": { start: "release 1", release: "2", before: "1", migrations: [1, 2] },
  "a release that is taken back": { start: "release 2", release: "4", before: "2", migrations: [2, 2] },
} as const;

export type Way = keyof typeof ways;

/** A deployment, and what it left. */
export interface Passage extends WatchedRun {
  readonly way: Way;
  /** How it ended, by its last event. */
  readonly end: DeploymentEvent["type"] | "never begun";
  /** What it asked of the provider; of a release that is taken back, since its verdict. */
  readonly calls: readonly FaultCall[];
  /** Deployments that the provider had when it began. */
  readonly kept: readonly string[];
  readonly left: Outside;
}

/**
 * Deploys the way's release. A fault is there from the beginning; for a release that is taken back, from when its verdict is due. With `heals` the provider is well again when the
 * rollback begins.
 */
export async function pass(
  stage: FaultStage,
  way: Way,
  { fault, heals = false }: { readonly fault?: Fault; readonly heals?: boolean } = {},
): Promise<Passage> {
  const { start, release } = ways[way];
  const { vercel } = stage.world;
  await stage.putBack(start);
  const kept = (await vercel.state()).deployments.filter(({ deleted }) => !deleted).map(({ id }) => id);
  const verdict = way === "a release that is taken back" ? beforeVerdict(stage, fault) : undefined;
  if (verdict === undefined && fault !== undefined) await vercel.fault(fault);
  const healing: Promise<void>[] = [];
  const run = await stage.deploy(release, {
    onEvent: ({ type }) => {
      if (heals && type === "rollback.started") healing.push(vercel.clearFaults());
    },
  });
  const since = (await verdict) ?? { requests: 0, served: 0 };
  await Promise.all(healing);
  const ledger = await vercel.ledger();
  const left = await lookFromOutside(stage.world);
  return { ...run, way, end: run.events.at(-1)?.type ?? "never begun", calls: callsIn(ledger, run.events, since), kept, left };
}

/** Holds the question whose answer is the verdict, sets the fault, lets go, and says how much was in the ledger by then. */
async function beforeVerdict(
  { world: { vercel } }: FaultStage,
  fault: Fault | undefined,
): Promise<{ readonly requests: number; readonly served: number }> {
  await vercel.fault({ kind: "hold-before", nth: 3, match: { host: "shop.example", path: "/prices.json" } });
  await vercel.held({ within: "60s" });
  // What is asked beside it is answered first.
  await sleep(200);
  const { requests, served } = await vercel.ledger();
  if (fault !== undefined) await vercel.fault(fault);
  await vercel.release();
  return { requests: requests.length, served: served.length };
}
