import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import {
  createDeployer,
  definePlugin,
  directory,
  type AnyPlugin,
  type CandidateCheck,
  type Clock,
  type Deployer,
  type DeployTarget,
  type EnvironmentOptions,
  type Notifier,
  type Store,
  type TrafficAbilities,
} from "../../src/index.js";
import { memoryStore } from "../../src/store/memory-store.js";
import { routerInMemory, type RouterState } from "./router-in-memory.js";

/** A target in memory that writes down what was done to it. */
export function targetInMemory(effects: string[]): DeployTarget {
  const made = new Map<string, string>();
  let current: string | undefined;
  return {
    roles: ["web", "worker"],
    description: "a target in memory",
    prepare: async ({ key }) => {
      const id = made.get(key) ?? `c${String(made.size + 1)}`;
      if (!made.has(key)) effects.push(`prepare ${id}`);
      made.set(key, id);
      return { id };
    },
    observe: async ({ key }) => {
      const id = made.get(key);
      return id === undefined ? { status: "absent" } : { status: "applied", candidate: { id } };
    },
    promote: async ({ candidate }) => {
      effects.push(`promote ${candidate.id}`);
      current = candidate.id;
    },
    current: async () => (current === undefined ? undefined : { candidate: { id: current }, settled: true }),
    retained: async () =>
      [...made.values()].filter((id) => id !== current).map((id) => ({ candidate: { id }, createdAt: "2026-01-01T00:00:00Z" })),
    discard: async ({ candidate }) => {
      if (candidate.id === current) throw new Error(`${candidate.id} serves`);
      effects.push(`discard ${candidate.id}`);
      for (const [key, id] of made) if (id === candidate.id) made.delete(key);
    },
  };
}

export interface Scene {
  readonly deployer: Deployer<"development">;
  readonly store: Store;
  readonly effects: string[];
  /** What the check says of a candidate before and after its promote. */
  readonly health: { candidate: "up" | "down"; live: "up" | "down" };
  readonly router: RouterState;
  /** A folder whose content is this text. */
  source(content: string): Promise<ReturnType<typeof directory>>;
}

export interface SceneOptions {
  readonly target?: (effects: string[]) => DeployTarget;
  readonly store?: Store;
  readonly clock?: Clock;
  /** Default `shop`. */
  readonly application?: string;
  /** Of the environment, besides its defaults. */
  readonly environment?: Pick<
    EnvironmentOptions,
    | "source"
    | "analysis"
    | "smoke"
    | "approvals"
    | "queue"
    | "freezes"
    | "freezeHolds"
    | "requires"
    | "prune"
    | "bake"
    | "verify"
    | "strategy"
    | "retain"
    | "rollback"
  >;
  /** What the router can do, where there is one. */
  readonly router?: Partial<TrafficAbilities>;
  /** Answers for the check; without it `health` does. */
  readonly candidate?: CandidateCheck["run"];
  /** Besides the target and the channels. */
  readonly plugins?: readonly AnyPlugin[];
  /** What each channel does with a message, by name. */
  readonly channels?: Readonly<Record<string, Notifier["deliver"]>>;
}

/** A deployer over a target in memory. */
export function createScene(options: SceneOptions = {}): Scene {
  const effects: string[] = [];
  const health: Scene["health"] = { candidate: "up", live: "up" };
  const router: RouterState = { isStuck: false };
  const store = options.store ?? memoryStore();
  const target = (options.target ?? targetInMemory)(effects);
  const check: CandidateCheck = {
    scope: "candidate",
    name: "answers",
    run: options.candidate ?? (({ live }) => ({ status: live ? health.live : health.candidate })),
  };
  const fake = definePlugin({
    id: "fake",
    provides: ["target", "checks"],
    options: z.strictObject({}),
    setup: () => ({ target, checks: [check] }),
  });
  const routed = definePlugin({
    id: "fake",
    provides: ["target", "checks", "traffic"],
    options: z.strictObject({}),
    setup: () => ({
      target,
      checks: [check],
      traffic: routerInMemory(effects, target, { ...(options.router && { abilities: options.router }), state: router }),
    }),
  });
  const channels = Object.entries(options.channels ?? {}).map(([id, deliver]) =>
    definePlugin({
      id,
      provides: ["notifier"],
      options: z.strictObject({}),
      setup: () => ({ notifier: { description: "a channel", keyed: true, deliver } }),
    })(),
  );
  const deployer = createDeployer({
    application: options.application ?? "shop",
    store,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    plugins: [options.router === undefined ? fake() : routed(), ...channels, ...(options.plugins ?? [])],
    environments: {
      development: {
        target: "fake",
        bake: { for: "30ms", every: "5ms" },
        verify: { within: "100ms" },
        timeouts: { settle: "0s" },
        ...options.environment,
      },
    },
  });
  return {
    deployer,
    store,
    effects,
    health,
    router,
    source: async (content) => {
      const folder = join(await mkdtemp(join(tmpdir(), "fairlead-")), "site");
      await mkdir(folder);
      await writeFile(join(folder, "index.html"), content);
      return directory(folder);
    },
  };
}
