import type { DeployTarget, TrafficAbilities, TrafficCount, TrafficRouter, TrafficWeights } from "../../src/index.js";

/** What befalls a router. */
export interface RouterState {
  /** It changes nothing any more. */
  isStuck: boolean;
  /** What it has counted. */
  counts?: () => readonly TrafficCount[];
}

/** A router in memory before a target, that writes down what was done to it. Without a shift all traffic goes to what the target calls current. */
export function routerInMemory(
  effects: string[],
  target: DeployTarget,
  { abilities = {}, state = { isStuck: false } }: { readonly abilities?: Partial<TrafficAbilities>; readonly state?: RouterState } = {},
): TrafficRouter {
  let shift: { readonly between: readonly [string, string]; weights: TrafficWeights } | undefined;
  return {
    describe: () => ({
      weights: "any",
      drain: false,
      affinity: "cookie",
      segments: [],
      metrics: false,
      lossless: true,
      ...abilities,
    }),
    open: async ({ stable, candidate }) => {
      if (shift?.between[0] === stable.id && shift.between[1] === candidate.id) return;
      effects.push(`open ${stable.id} ${candidate.id}`);
      shift = { between: [stable.id, candidate.id], weights: { [stable.id]: 100, [candidate.id]: 0 } };
    },
    setWeights: async ({ weights }) => {
      if (shift === undefined || state.isStuck) throw new Error("no shift is open");
      effects.push(`share ${String(weights[shift.between[1]])}`);
      shift.weights = weights;
    },
    getWeights: async (component, call) => {
      if (shift !== undefined) return shift.weights;
      const serving = await target.current(component, call);
      return serving === undefined ? {} : { [serving.candidate.id]: 100 };
    },
    ...(abilities.metrics === true && { counts: async () => state.counts?.() ?? [] }),
    drain: async () => ({ inFlight: 0 }),
    close: async () => {
      if (state.isStuck) throw new Error("it does not close");
      if (shift !== undefined) effects.push("close");
      shift = undefined;
    },
  };
}
