import type { ComponentSpec } from "../config/environment-spec.js";
import type { CallOptions } from "../contract/call.js";
import type { LogEntry } from "../contract/deployment-events.js";
import type { Page, Store } from "../contract/store.js";
import type { Serving } from "../contract/target.js";
import { serializeError } from "../errors/fairlead-error.js";
import { askProvider } from "../engine/ask-provider.js";
import { readEnvironment, type EnvironmentState } from "../engine/environment-journal.js";
import { checksOf, questionOf, type Question } from "../gates/index.js";
import type { JsonObject } from "../json/json.js";
import { claimName, streamNames } from "../journal/index.js";
import { digestAsked, stepsOf, summaryAsked, wayBack, type DeploymentState, type WayBack } from "../machine/index.js";
import { holderName, readDriver } from "./driving.js";
import { readState } from "./deployment-handle.js";
import { freezeOf } from "../engine/freeze.js";
import { waitingIn } from "./queue.js";
import type { Observed } from "./environments.js";
import { retainedBy } from "./rollback-target.js";
import { readWindow } from "./rollback-window.js";
import type { Runtime } from "./runtime.js";
import type { CheckReport, ComponentStatus, DeploymentSummary, EnvironmentStatus, RollbackTarget } from "./types.js";
import type { StatusWish } from "./status-types.js";

/** What serves, read live where this process has the secrets for it and held against the journal, and what is under way. */
export async function readStatus({ spec, recorder, runtime, missing }: Observed, call: CallOptions): Promise<EnvironmentStatus> {
  const { store, application } = recorder;
  const owner = await store.claimOf(claimName(application, spec.name));
  const running = owner === undefined ? undefined : await readState(store, application, owner);
  const state = await readEnvironment(store, application, spec.name);
  const { serving: expected } = state;
  const freeze = freezeOf(spec, state, recorder.clock.now());
  const components = await Promise.all(
    spec.components.map(async (component): Promise<ComponentStatus> => {
      const candidate = expected?.candidates[component.name]?.id ?? null;
      const about = { component: component.name, target: component.target, expected: candidate };
      const serving = await servingOf(component, { runtime, missing, call });
      if (serving === undefined || "unknown" in serving) {
        const nothing = { component: component.name, candidate: null, release: null };
        const fact = serving === undefined ? { ...nothing, known: true, note: null } : { ...nothing, known: false, note: serving.unknown };
        return { ...about, drifted: serving === undefined && candidate !== null && running === undefined, serving: fact };
      }
      const found = serving.candidate.id;
      const release = serving.release ?? (found === candidate ? (expected?.release.id ?? null) : null);
      return {
        ...about,
        // What is under way moves what serves, and not the journal's word on it.
        drifted: found !== candidate && running === undefined,
        serving: { component: component.name, known: true, candidate: found, release, note: serving.note ?? null },
      };
    }),
  );
  const { items } = await readHistory(store, application, { environment: spec.name, limit: 1 });
  return {
    environment: spec.name,
    release: expected ?? null,
    components,
    running: running === undefined ? null : await runningOf(store, running),
    last: items[0] ?? null,
    queue: await waitingIn(store, application, spec.name),
    freeze: freeze === undefined ? null : { ...freeze, until: freeze.until === null ? null : new Date(freeze.until).toISOString() },
    pin: state.pin && { ...state.pin, actor: state.pin.actor.name },
    rollbackTargets: await rollbackTargetsOf({ spec, recorder, runtime }, state, call),
    waiting: await store.outbox.list({ application, environment: spec.name, state: "pending" }),
    deadLetters: await store.outbox.list({ application, environment: spec.name, state: "dead" }),
  };
}

/** What a target says; why it is not known where it could not be asked. */
async function servingOf(
  { name, role, target }: ComponentSpec,
  { runtime, missing, call }: Pick<Observed, "runtime" | "missing"> & { readonly call: CallOptions },
): Promise<Serving | { readonly unknown: string } | undefined> {
  if (runtime === undefined)
    return { unknown: missing.length === 0 ? "it was not asked." : `this process has no value for ${missing.join(", ")}.` };
  const { engine, spec, capabilities } = runtime;
  try {
    const deployTarget = await capabilities.get(target, "target");
    const component = { application: engine.application, environment: spec.name, component: name, role };
    return await askProvider(engine.clock, call, `what serves as ${name}`, (options) => deployTarget.current(component, options));
  } catch (error) {
    return { unknown: serializeError(error).message };
  }
}

/** By the journal; whether they are retained is asked live where this process can. */
async function rollbackTargetsOf(
  { spec, recorder, runtime }: Pick<Observed, "spec" | "recorder" | "runtime">,
  state: EnvironmentState,
  call: CallOptions,
): Promise<readonly RollbackTarget[]> {
  const window = await readWindow(recorder, spec, state);
  const isRetained =
    window.length === 0 || runtime === undefined ? undefined : await retainedBy(runtime, state, call).catch(() => undefined);
  return window.map(({ deployed, servedUntil, outside }) => ({
    release: deployed.release.id,
    servedUntil,
    retained: isRetained === undefined ? null : isRetained(deployed),
    outside,
  }));
}

async function runningOf(store: Store, state: DeploymentState): Promise<NonNullable<EnvironmentStatus["running"]>> {
  const { id, phase, createdAt, attention } = state;
  const driver = phase === "needs_attention" ? undefined : await readDriver(store, id);
  const since = new Date(createdAt).toISOString();
  return {
    deploymentId: id,
    phase,
    holder: driver === undefined ? null : holderName(driver),
    since,
    attention,
    paused: wishOf(state.pause),
    stopping: wishOf(state.abort),
    steps: stepsOf(state.plan).flatMap(({ id: step, description }) => (isUnderWay(state, step) ? [{ step, description }] : [])),
    wayBack: wayBackOf(state),
    waiting: waitsOf(state),
  };
}

function wishOf(wish: DeploymentState["abort"]): StatusWish | null {
  return wish === null ? null : { actor: wish.actor.name, reason: wish.reason };
}

function isUnderWay({ steps }: DeploymentState, id: string): boolean {
  const step = steps[id];
  return step?.forward.status === "started" || step?.undo.status === "started";
}

function wayBackOf(state: DeploymentState): WayBack | null {
  return state.phase === "running" ? wayBack(state) : null;
}

/** Gates that have been put off. */
function waitsOf(state: DeploymentState): NonNullable<EnvironmentStatus["running"]>["waiting"] {
  return Object.entries(state.steps).flatMap(([step, { forward }]) => {
    if (forward.status !== "deferred" || state.phase !== "running") return [];
    const { waitingFor, reason, until } = forward;
    const digest = waitingFor === "approval" ? digestAsked(state, step) : null;
    // 0: it is asked again at once.
    const next = until === null || until === 0 ? null : new Date(until).toISOString();
    return [{ step, waitingFor, reason, until: next, summary: summaryAsked(state, step), digest }];
  });
}

export async function readHistory(
  store: Store,
  application: string,
  query: {
    readonly environment?: string;
    readonly limit?: number;
    readonly after?: string;
    readonly open?: boolean;
    readonly asleep?: boolean;
    readonly key?: string;
    readonly outcome?: string;
    readonly order?: "newest" | "oldest";
  },
): Promise<Page<DeploymentSummary>> {
  const { environment, limit, after, open, asleep, key, outcome, order } = query;
  const page = await store.list({
    prefix: streamNames.deployments(application),
    where: {
      ...(environment === undefined ? {} : { environment }),
      ...(open === undefined ? {} : { open }),
      ...(asleep === undefined ? {} : { asleep }),
      ...(key === undefined ? {} : { key }),
      ...(outcome === undefined ? {} : { outcome }),
    },
    ...(order === undefined ? {} : { order }),
    ...(limit === undefined ? {} : { limit }),
    ...(after === undefined ? {} : { after }),
  });
  return {
    items: page.items.map(({ summary }) => toSummary(summary)),
    ...(page.next === undefined ? {} : { next: page.next }),
  };
}

const notRecorded = { previousRelease: null, cause: null, exposed: false, waited: 0, restoredIn: null };

function toSummary(summary: JsonObject): DeploymentSummary {
  // Written by `summarize`, and by nothing else; an older one had fewer members.
  return { ...notRecorded, ...summary } as unknown as DeploymentSummary;
}

export async function readLog(store: Store, application: string, deploymentId: string): Promise<readonly LogEntry[]> {
  const stored = await store.read(streamNames.log(application, deploymentId));
  return stored.flatMap(({ data }) => data["entries"] as unknown as readonly LogEntry[]);
}

export async function readMessages(
  store: Store,
  application: string,
  query: { readonly environment?: string },
): Promise<Pick<EnvironmentStatus, "waiting" | "deadLetters">> {
  const about = { application, ...query, limit: 1_000 };
  const [waiting, deadLetters] = await Promise.all([
    store.outbox.list({ ...about, state: "pending" }),
    store.outbox.list({ ...about, state: "dead" }),
  ]);
  return { waiting, deadLetters };
}

/** The answers of an environment's checks of a scope, asked once. */
export async function askChecks(
  { spec, capabilities, engine }: Runtime,
  scope: "application" | "provider",
  call: CallOptions,
): Promise<readonly CheckReport[]> {
  const provided = await checksOf(capabilities, scope);
  const questions: Question[] = provided.map(({ plugin, check }) => questionOf(check, plugin, engine.clock));
  if (scope === "application") questions.push(...spec.checks.map((check) => questionOf(check, "application", engine.clock)));
  return Promise.all(
    questions.map(async (question): Promise<CheckReport> => {
      const { status, reason, message, hint, latency } = await question.ask(call);
      const { name, provider, critical } = question;
      return { name, provider, critical, status, reason: reason ?? null, message: message ?? null, hint: hint ?? null, latency };
    }),
  );
}
