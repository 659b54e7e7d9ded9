import type { CallOptions } from "../contract/call.js";
import type { LogEntry } from "../contract/deployment-events.js";
import type { Page, Store } from "../contract/store.js";
import { serializeError } from "../errors/fairlead-error.js";
import { readEnvironment } from "../engine/environment-journal.js";
import { checksOf, questionOf, type Question } from "../gates/index.js";
import { claimName, streamNames } from "../journal/index.js";
import { holderName } from "./driving.js";
import { readState } from "./deployment-handle.js";
import type { Runtime } from "./runtime.js";
import type { CheckReport, ComponentStatus, DeploymentSummary, EnvironmentStatus } from "./types.js";

/** What serves, read live and held against the journal, and what is under way. */
export async function readStatus({ spec, capabilities, engine }: Runtime, call: CallOptions): Promise<EnvironmentStatus> {
  const { store, application } = engine;
  const state = await readEnvironment(store, application, spec.name);
  const components = await Promise.all(
    spec.components.map(async ({ name, role, target }): Promise<ComponentStatus> => {
      const expected = state.serving?.candidates[name]?.id ?? null;
      const reference = { application, environment: spec.name, component: name, role };
      try {
        const deployTarget = await capabilities.get(target, "target");
        const serving = await deployTarget.current(reference, call);
        const found = serving?.candidate.id ?? null;
        const release = serving?.release ?? (found !== null && found === expected ? (state.serving?.release.id ?? null) : null);
        return {
          component: name,
          target,
          expected,
          drifted: found !== expected,
          serving: { component: name, candidate: found, release, note: serving?.note ?? null },
        };
      } catch (error) {
        return {
          component: name,
          target,
          expected,
          drifted: false,
          serving: { component: name, candidate: null, release: null, note: `unknown: ${serializeError(error).message}` },
        };
      }
    }),
  );
  const owner = await store.claimOf(claimName(application, spec.name));
  const running = owner === undefined ? undefined : await readState(store, application, owner);
  const { items } = await readHistory(store, application, { environment: spec.name, limit: 1 });
  return {
    environment: spec.name,
    release: state.serving ?? null,
    components,
    running:
      running === undefined
        ? null
        : {
            deploymentId: running.id,
            phase: running.phase,
            holder: running.holder === null ? null : holderName(running.holder),
            since: new Date(running.createdAt).toISOString(),
            attention: running.attention,
          },
    last: items[0] ?? null,
    waiting: await store.outbox.list({ application, environment: spec.name, state: "pending" }),
    deadLetters: await store.outbox.list({ application, environment: spec.name, state: "dead" }),
  };
}

export async function readHistory(
  store: Store,
  application: string,
  query: {
    readonly environment?: string;
    readonly limit?: number;
    readonly after?: string;
    readonly open?: boolean;
    readonly key?: string;
  },
): Promise<Page<DeploymentSummary>> {
  const { environment, limit, after, open, key } = query;
  const page = await store.list({
    prefix: streamNames.deployments(application),
    where: {
      ...(environment === undefined ? {} : { environment }),
      ...(open === undefined ? {} : { open }),
      ...(key === undefined ? {} : { key }),
    },
    ...(limit === undefined ? {} : { limit }),
    ...(after === undefined ? {} : { after }),
  });
  return {
    // Written by `summarize`, and by nothing else.
    items: page.items.map(({ summary }) => summary as unknown as DeploymentSummary),
    ...(page.next === undefined ? {} : { next: page.next }),
  };
}

export async function readLog(store: Store, application: string, deploymentId: string): Promise<readonly LogEntry[]> {
  const stored = await store.read(streamNames.log(application, deploymentId));
  return stored.flatMap(({ data }) => data["entries"] as unknown as readonly LogEntry[]);
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
