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
} from "../../src/index.js";
import type { StoreCommit } from "../../src/contract/store.js";
import type { Clock } from "../../src/time/clock.js";

/** What happened, in its order: a commit to the store, or something that a provider did. */
export type Entry =
  | { readonly now: number; readonly commit: StoreCommit }
  | { readonly now: number; readonly prepared: { readonly key: string; readonly id: string } }
  | { readonly now: number; readonly promoted: { readonly id: string } };

export interface Rules extends Pick<EnvironmentOptions, "approvals" | "queue" | "bake"> {
  /** Candidates that are not well once they serve. */
  readonly ill?: readonly string[];
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
}

export interface Stage {
  readonly deployer: Deployer<"production">;
  readonly provider: Provider;
}

export const sourceOf = (release: string) => image(`shop@sha256:${release.repeat(64)}`);

export const person = (name: string) => ({ name, via: "cli" }) as const;

/** A deployer on a provider in memory. */
export function createStage(
  { ill = [], ...environment }: Rules,
  { store, clock, onEntry = () => undefined }: { readonly store: Store; readonly clock: Clock; readonly onEntry?: (entry: Entry) => void },
): Stage {
  const provider: Provider = { made: new Map(), current: undefined };
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
    run: ({ live, candidate }) => ({ status: live && ill.includes(candidate.id) ? "down" : "up" }),
  };
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
    plugins: [fake()],
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
  return { deployer, provider };
}
