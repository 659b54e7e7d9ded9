import * as z from "zod";
import {
  createDeployer,
  definePlugin,
  image,
  type CandidateCheck,
  type Deployer,
  type DeployTarget,
  type Migrator,
  type PlanStep,
  type JsonObject,
  type StepCall,
  type StepDefinition,
  type StepObservation,
} from "../../src/index.js";
import type { ComponentOptions } from "../../src/config/environment-options.js";
import { digestOf } from "../../src/json/index.js";
import { settleTime, type Outside } from "./outside.js";
import type { Process } from "./process.js";
import type { OwnStep, Setting } from "./script.js";

/** What there is outside, whatever the journal says of it. */
export interface Shop {
  /** What was made, by its key. */
  readonly made: Map<string, string>;
  /** What serves, by component. */
  readonly serving: Map<string, string>;
  readonly migrations: Set<string>;
  /** Own steps that are there, by their keys. */
  readonly done: Set<string>;
  readonly violations: string[];
}

export function createShop(): Shop {
  return { made: new Map(), serving: new Map(), migrations: new Set(), done: new Set(), violations: [] };
}

/** The release of this number. */
export const sourceOf = (release: number): ReturnType<typeof image> => image(`shop@sha256:${String(release).repeat(64)}`);

const componentNames = ({ components }: Setting): readonly string[] => ["web", "worker", "admin"].slice(0, components.count);

interface Parts {
  readonly setting: Setting;
  readonly shop: Shop;
  readonly outside: Outside;
  readonly process: Process;
  /** The steps of a deployment. */
  readonly planOf: (deployment: string) => readonly PlanStep[];
}

/** The deployer of a process. */
export function createShopDeployer(options: Parts): Deployer<"staging"> {
  const { setting, process } = options;
  const plugins = [
    definePlugin({
      id: "host",
      provides: ["target", "checks"],
      options: z.strictObject({}),
      setup: () => ({ target: targetOf(options), checks: [checkOf(options)] }),
    })(),
    definePlugin({
      id: "database",
      provides: ["migrator"],
      options: z.strictObject({}),
      setup: () => ({ migrator: migratorOf(options) }),
    })(),
    definePlugin({
      id: "own",
      provides: ["steps"],
      options: z.strictObject({}),
      setup: () => ({ steps: setting.steps.map((step, index) => ownStepOf(options, step, `step-${String(index + 1)}`)) }),
    })(),
    definePlugin({
      id: "board",
      provides: ["notifier"],
      options: z.strictObject({}),
      setup: () => ({ notifier: { description: "a board", keyed: true, deliver: () => process.receive(Promise.resolve({})) } }),
    })(),
  ];
  return createDeployer({
    application: "shop",
    name: process.name,
    clock: process.clock,
    store: process.store,
    plugins,
    environments: {
      staging: {
        components: componentsOf(setting),
        ...(setting.migrations.length === 0 ? {} : { migrator: "database" }),
        queue: setting.queue,
        ...(setting.approvals === null ? {} : { approvals: { ...setting.approvals, expiresAfter: "1h" } }),
        bake: setting.bake ? { for: "2s", every: "500ms" } : "0s",
        verify: { within: "2s" },
        timeouts: { prepare: "3s", migrate: "3s", settle },
        contract: "after-bake",
      },
    },
  });
}

function componentsOf(setting: Setting): Readonly<Record<string, ComponentOptions<"host">>> {
  const names = componentNames(setting);
  const afterOf = (index: number): Pick<ComponentOptions, "after"> =>
    setting.components.inOrder && index > 0 ? { after: names.slice(index - 1, index) } : {};
  return Object.fromEntries(names.map((name, index) => [name, { target: "host" as const, source: sourceOf(0), ...afterOf(index) }]));
}

const settle = `${settleTime}ms` as const;

/** What a deployment makes of a component. */
export const candidateOf = (deployment: string, component: string): string => id(`${deployment}/${component}.prepare`);

/** What is made with a key. */
const id = (key: string): string => `candidate of ${key}`;

function targetOf({ shop, outside, process, planOf }: Parts): DeployTarget {
  /** Where a deployment moves a component; anything else is its way back. */
  const forwardTo = (deployment: string, component: string): string => {
    const step = planOf(deployment).find(({ operation, component: of }) => operation === "target.promote" && of === component);
    const { id: named } = (step?.input["candidate"] ?? {}) as { readonly id?: string };
    return named ?? candidateOf(deployment, component);
  };
  return {
    roles: ["web", "worker"],
    description: "a host",
    promoteTimeout: 2_000,
    prepare: ({ key }, call) =>
      outside.act(process, call, "forward", () => {
        shop.made.set(key, id(key));
        return { id: id(key) };
      }),
    observe: ({ key }, { signal }) =>
      outside.ask(process, signal, () => {
        const made = shop.made.get(key);
        return made === undefined ? { status: "absent" } : { status: "applied", candidate: { id: made } };
      }),
    promote: ({ component, candidate }, call) => {
      const direction = candidate.id === forwardTo(call.deploymentId, component) ? "forward" : "undo";
      return outside.act(process, call, direction, () => void shop.serving.set(component, candidate.id));
    },
    current: ({ component }, { signal }) =>
      outside.ask(process, signal, () => {
        const serving = shop.serving.get(component);
        return serving === undefined ? undefined : { candidate: { id: serving }, settled: true };
      }),
    retained: ({ component }, { signal }) =>
      outside.ask(process, signal, () =>
        [...shop.made]
          .filter(([key, made]) => key.endsWith(`/${component}.prepare`) && made !== shop.serving.get(component))
          .map(([, made]) => ({ candidate: { id: made }, createdAt: "2026-01-01T00:00:00Z" })),
      ),
    discard: ({ component, candidate }, call) =>
      outside.act(process, call, call.idempotencyKey.endsWith(".prepare") ? "undo" : "forward", () => {
        if (shop.serving.get(component) === candidate.id) throw new Error(`${candidate.id} serves`);
        for (const [key, made] of shop.made) if (made === candidate.id) shop.made.delete(key);
      }),
  };
}

function checkOf({ setting, process }: Parts): CandidateCheck {
  return {
    scope: "candidate",
    name: "answers",
    run: ({ live, release }) => {
      const number = Object.values(release.artifacts).map((artifact) => Number(artifact.digest.at(-1)))[0];
      const isIll = setting.ill.some((ill) => ill.release === number && (ill.when === "before" || live));
      return process.receive(Promise.resolve({ status: isIll ? "down" : "up" }));
    },
  };
}

function migratorOf({ setting, shop, outside, process }: Parts): Migrator {
  const all = setting.migrations.map(({ phase, compatibility }, index) => {
    const id = `m${String(index + 1)}`;
    return { id, checksum: digestOf(id), phase, compatibility };
  });
  return {
    description: "a database",
    plan: ({ signal }) =>
      outside.ask(process, signal, () => {
        const pending = all.filter(({ id }) => !shop.migrations.has(id));
        return {
          all: all.map(({ id, checksum, phase }) => ({ id, checksum, phase })),
          pending,
          ahead: [],
          compatibility: pending.find(({ compatibility }) => compatibility !== "code-only")?.compatibility ?? "code-only",
          findings: [],
        };
      }),
    verify: ({ signal }) => outside.ask(process, signal, () => []),
    apply: ({ migrations }, call) =>
      outside.act(process, call, "forward", () => {
        const applied = migrations.filter(({ id }) => !shop.migrations.has(id));
        for (const { id } of applied) shop.migrations.add(id);
        return { applied: applied.map(({ id }) => ({ id, duration: 1 })) };
      }),
  };
}

function ownStepOf({ shop, outside, process }: Parts, step: OwnStep, id: string): StepDefinition {
  const base = {
    id,
    stage: step.stage,
    effect: step.effect,
    timeout: "2s",
    settle,
    run: (_: JsonObject, call: StepCall): Promise<undefined> => {
      if (!step.effect) return outside.ask(process, call.signal, () => undefined);
      return outside.act(process, call, "forward", () => {
        if (step.idempotency === "none" && shop.done.has(call.idempotencyKey))
          shop.violations.push(`${call.idempotencyKey} took effect twice`);
        shop.done.add(call.idempotencyKey);
        return undefined;
      });
    },
    observe: (_: JsonObject, { signal, idempotencyKey }: StepCall): Promise<StepObservation> =>
      outside.ask(process, signal, () => ({ status: shop.done.has(idempotencyKey) ? "applied" : "absent" })),
  } as const;
  const kind = step.idempotency === "none" ? { idempotency: step.idempotency } : { idempotency: step.idempotency };
  const { reversibility } = step;
  if (reversibility !== "undo") return { ...base, ...kind, reversibility };
  const undo = (_: JsonObject, call: StepCall): Promise<void> =>
    outside.act(process, call, "undo", () => void shop.done.delete(call.idempotencyKey));
  return { ...base, ...kind, reversibility, undo };
}
