import type { DeploymentSummary } from "../../deployer/types.js";
import { hasEnded } from "../../machine/index.js";
import type { HttpDeployer } from "../http-options.js";
import { summedBy, type Sample } from "./sums.js";

/** What all deployments come to. */
export interface DeploymentNumbers {
  readonly ended: readonly Sample[];
  readonly durations: readonly Sample[];
  readonly rollbacks: readonly Sample[];
  readonly restored: readonly Sample[];
  readonly open: readonly Sample[];
}

const pageSize = 200;

/**
 * Counts deployments from the lines of the history: once all of them, then those that are new or were open. What has ended stays counted when it is removed from the history, so that counters only grow while a process
 * lives.
 */
export function createDeploymentTally(deployer: Pick<HttpDeployer, "history">): { read(): Promise<DeploymentNumbers> } {
  const ended: Past[] = [];
  const known = new Set<string>();
  let lastOpen: readonly string[] = [];
  let reading: Promise<DeploymentNumbers> | undefined;

  const read = async (): Promise<DeploymentNumbers> => {
    const open: DeploymentSummary[] = [];
    const newlyEnded: DeploymentSummary[] = [];
    const missing = new Set(lastOpen);
    let after: string | undefined;
    do {
      const page = await deployer.history({ limit: pageSize, ...(after === undefined ? {} : { after }) });
      let isKnown = page.items.length > 0;
      for (const item of page.items) {
        missing.delete(item.id);
        if (known.has(item.id)) continue;
        isKnown = false;
        if (!hasEnded(item.phase)) {
          open.push(item);
          continue;
        }
        newlyEnded.push(item);
      }
      // What is new stands before what is known, and what was open is found again.
      after = isKnown && missing.size === 0 ? undefined : page.next;
    } while (after !== undefined);
    // Only now: of pages that could not all be read nothing is counted, or the others would never be.
    for (const item of newlyEnded) {
      if (known.has(item.id)) continue;
      known.add(item.id);
      ended.push(toPast(item));
    }
    lastOpen = open.map(({ id }) => id);
    return numbersOf(ended, open);
  };

  return {
    // Families of one scrape are read at the same time.
    read() {
      reading ??= read().finally(() => {
        reading = undefined;
      });
      return reading;
    },
  };
}

interface Past {
  readonly environment: string;
  readonly kind: string;
  readonly phase: string;
  /** In seconds, without what it waited. */
  readonly took: number;
  /** In seconds. */
  readonly restoredIn: number | null;
}

function toPast({ environment, kind, phase, createdAt, endedAt, waited, restoredIn }: DeploymentSummary): Past {
  const took = endedAt === null ? 0 : Math.max(0, Date.parse(endedAt) - Date.parse(createdAt) - waited) / 1_000;
  return { environment, kind, phase, took, restoredIn: restoredIn === null ? null : restoredIn / 1_000 };
}

function numbersOf(ended: readonly Past[], open: readonly DeploymentSummary[]): DeploymentNumbers {
  const succeeded = ended.filter(({ phase }) => phase === "succeeded");
  const restored = ended.filter(({ restoredIn }) => restoredIn !== null);
  const one = (): number => 1;
  return {
    ended: summedBy(ended, ({ environment, kind, phase }) => ({ environment, kind, phase }), one),
    durations: summedBy(
      succeeded,
      ({ environment, kind }) => ({ environment, kind }),
      ({ took }) => took,
    ),
    rollbacks: summedBy(restored, ({ environment }) => ({ environment }), one),
    restored: summedBy(
      restored,
      ({ environment }) => ({ environment }),
      ({ restoredIn }) => restoredIn ?? 0,
    ),
    open: summedBy(open, ({ environment, phase }) => ({ environment, phase }), one),
  };
}
