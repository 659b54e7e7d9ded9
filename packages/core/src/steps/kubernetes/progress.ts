import type { ObjectChange } from "./changes.js";
import type { PlannedObjects } from "./kubernetes-input.js";

/** How much of what was planned has been done, by address. */
export interface Progress {
  /** To be changed, and not changed yet. */
  readonly pending: readonly string[];
  /** To be changed, and changed. */
  readonly made: readonly string[];
  /** Neither as they were when the changes were found, nor as they should become. */
  readonly moved: readonly string[];
}

export function progressOf({ objects }: PlannedObjects, changes: readonly ObjectChange[]): Progress {
  const now = new Map(changes.map((change) => [change.address, change]));
  const isMade = ({ address }: PlannedObjects["objects"][number]): boolean => now.get(address)?.action === "none";
  const isPending = ({ address, action, digest }: PlannedObjects["objects"][number]): boolean =>
    now.get(address)?.action === action && now.get(address)?.digest === digest;
  const planned = objects.filter(({ action }) => action !== "none");
  const known = new Set(objects.map(({ address }) => address));
  return {
    pending: planned.filter((one) => !isMade(one) && isPending(one)).map(({ address }) => address),
    made: planned.filter(isMade).map(({ address }) => address),
    moved: [
      ...objects.filter((one) => !isMade(one) && !isPending(one)).map(({ address }) => address),
      ...changes.filter(({ address }) => !known.has(address)).map(({ address }) => address),
    ],
  };
}
