import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import {
  createDeployer,
  definePlugin,
  image,
  type CandidateCheck,
  type Deployer,
  type DeployTarget,
  type EnvironmentOptions,
  type Store,
  type TrafficRouter,
  type TrafficWeights,
} from "../../src/index.js";
import type { StoreCommit } from "../../src/contract/store.js";
import type { Clock } from "../../src/time/clock.js";

/** What happened, in its order: a commit to the store, or something that a provider did. */
export type Entry =
  | { readonly now: number; readonly commit: StoreCommit }
  | { readonly now: number; readonly prepared: { readonly key: string; readonly id: string } }
  | { readonly now: number; readonly promoted: { readonly id: string } }
  | { readonly now: number; readonly shared: TrafficWeights | null }
  | { readonly now: number; readonly mended: readonly string[] };

export interface Rules extends Pick<EnvironmentOptions, "approvals" | "queue" | "bake" | "strategy"> {
  /** Candidates that are not well once they serve, also if only a part of the traffic. */
  readonly ill?: readonly string[];
  /** Candidates that cannot be promoted a second time, until somebody mends it. */
  readonly stuck?: readonly string[];
}

/** A history as its file keeps it. */
export interface History {
  readonly about: string;
  readonly rules: Rules;
  /** How each deployment ended. */
  readonly ends: Readonly<Record<string, string>>;
  readonly entries: readonly Entry[];
}

/** A provider that remembers what was done to it before. */
export interface Provider {
  readonly made: Map<string, string>;
  current: string | undefined;
  /** What each candidate gets while a shift is open. */
  weights: TrafficWeights | null;
  /** Candidates that were stuck. */
  mended: readonly string[];
}

export interface Stage {
  readonly deployer: Deployer<"production">;
  readonly provider: Provider;
  /** Somebody mends what kept a candidate from being promoted. */
  mend(id: string): void;
  /** Somebody lets a candidate serve, past the deployer. */
  promoteByHand(id: string): void;
}

export const sourceOf = (release: string) => image(`shop@sha256:${release.repeat(64)}`);

export const person = (name: string) => ({ name, via: "cli" }) as const;

/** A deployer on a provider in memory. */
export function createStage(
  { ill = [], stuck = [], ...environment }: Rules,
  { store, clock, onEntry = () => undefined }: { readonly store: Store; readonly clock: Clock; readonly onEntry?: (entry: Entry) => void },
): Stage {
  const provider: Provider = { made: new Map(), current: undefined, weights: null, mended: [] };
  const share = (weights: TrafficWeights | null): void => {
    if (isDeepStrictEqual(weights, provider.weights)) return;
    onEntry({ now: clock.now(), shared: weights });
    provider.weights = weights;
  };
  const target: DeployTarget = {
    roles: ["web", "worker"],
    description: "a target in memory",
    prepare: async ({ key }) => {
      const id = provider.made.get(key) ?? `c${String(provider.made.size + 1)}`;
      if (!provider.made.has(key)) onEntry({ now: clock.now(), prepared: { key, id } });
      provider.made.set(key, id);
      return { id };
    },
    observe: async ({ key }) => {
      const id = provider.made.get(key);
      return id === undefined ? { status: "absent" } : { status: "applied", candidate: { id } };
    },
    promote: async ({ candidate: { id } }) => {
      const hasServed = provider.current !== undefined && provider.current !== id;
      if (hasServed && stuck.includes(id) && !provider.mended.includes(id)) throw new Error(`${id} cannot be reached`);
      if (provider.current !== id) onEntry({ now: clock.now(), promoted: { id } });
      provider.current = id;
    },
    current: async () => (provider.current === undefined ? undefined : { candidate: { id: provider.current }, settled: true }),
    retained: async () =>
      [...provider.made.values()]
        .filter((id) => id !== provider.current)
        .map((id) => ({ candidate: { id }, createdAt: "2026-01-01T00:00:00Z" })),
  };
  const check: CandidateCheck = {
    scope: "candidate",
    name: "answers",
    run: ({ live, candidate: { id } }) => ({ status: (live || (provider.weights?.[id] ?? 0) > 0) && ill.includes(id) ? "down" : "up" }),
  };
  const traffic: TrafficRouter = {
    describe: () => ({ weights: "any", drain: false, affinity: "cookie", segments: [], metrics: false, lossless: true }),
    open: async ({ stable, candidate }) => {
      if (provider.weights?.[candidate.id] === undefined) share({ [stable.id]: 100, [candidate.id]: 0 });
    },
    setWeights: async ({ weights }) => {
      share(weights);
    },
    getWeights: async () => provider.weights ?? (provider.current === undefined ? {} : { [provider.current]: 100 }),
    drain: async () => ({ inFlight: 0 }),
    close: async () => {
      share(null);
    },
  };
  const routed = definePlugin({
    id: "fake",
    provides: ["target", "checks", "traffic"],
    options: z.strictObject({}),
    setup: () => ({ target, checks: [check], traffic }),
  });
  const fake = definePlugin({
    id: "fake",
    provides: ["target", "checks"],
    options: z.strictObject({}),
    setup: () => ({ target, checks: [check] }),
  });
  const deployer = createDeployer({
    application: "shop",
    store,
    clock,
    plugins: [environment.strategy === undefined ? fake() : routed()],
    environments: {
      production: {
        target: "fake",
        bake: { for: "20s", every: "5s" },
        verify: { within: "5s" },
        timeouts: { settle: "1s" },
        ...environment,
      },
    },
  });
  return {
    deployer,
    provider,
    mend: (id) => {
      provider.mended = [...provider.mended, id];
      onEntry({ now: clock.now(), mended: provider.mended });
    },
    promoteByHand: (id) => {
      provider.current = id;
      onEntry({ now: clock.now(), promoted: { id } });
    },
  };
}
