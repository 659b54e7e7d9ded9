import type { Source, Sources } from "../config/source.js";
import type { EnvironmentSpec } from "../config/environment-spec.js";
import type { RequestEventData } from "../contract/request-events.js";
import type { StoredEvent, StreamWrite } from "../contract/store.js";
import { readEnvironment } from "../engine/environment-journal.js";
import { createDeploymentId } from "../engine/ids.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail, isFairleadError, type SerializedError } from "../errors/fairlead-error.js";
import { digestOf } from "../json/canonical-json.js";
import type { JsonObject } from "../json/json.js";
import { emptyHead, sealEvents, streamNames, verifyEvents } from "../journal/index.js";
import { unnamedActor, type CommandOptions } from "./command-options.js";
import type { DeploymentRequest, RecordedRequest, RequestState } from "./request-types.js";
import { requireServing } from "./rollback-window.js";
import { readWorker } from "./worker-presence.js";

/** A wish as its row has it. */
export type RequestRow = DeploymentRequest & { readonly id: string };

/** Wishes of processes that carry nothing out: rows that a worker takes. */
export interface Requests {
  record(input: DeploymentRequest): Promise<RecordedRequest>;
  /** `undefined` where there is no such request. */
  read(id: string): Promise<RequestState | undefined>;
  /** Those that nobody has carried out or refused, the oldest first. */
  pending(environment?: string): Promise<readonly RequestState[]>;
  row(id: string): Promise<RequestRow>;
  /** Says what has become of it; of two who say it the second is ignored. */
  settle(id: string, outcome: { readonly deploymentId: string } | { readonly error: SerializedError }): Promise<void>;
}

export function createRequests({ environments, store, clock, application }: CommandOptions): Requests {
  const at = (): string => new Date(clock.now()).toISOString();

  const readVerified = async (stream: string): Promise<readonly StoredEvent[]> => {
    const stored = await store.read(stream);
    verifyEvents(stream, emptyHead, stored);
    return stored;
  };

  const recorded = async (id: string, environment: string, joined: boolean): Promise<RecordedRequest> =>
    Object.freeze({ id, environment, joined, worker: (await readWorker(store, application)) ?? null });

  /** The request that the key stands for. Throws `REQUEST_KEY_REUSED` where that is another wish. */
  const findByKey = async ({ environment, key }: DeploymentRequest, fingerprint: string): Promise<RecordedRequest | undefined> => {
    if (key === undefined) return undefined;
    const [taken] = await store.read(streamNames.requestKey(application, environment, key), { limit: 1 });
    if (taken === undefined) return undefined;
    // Written by `keyWrites`, and by nothing else.
    const { id, fingerprint: first } = taken.data as { id: string; fingerprint: string };
    if (first !== fingerprint) throw fail(coreErrors, "REQUEST_KEY_REUSED", { key, id });
    return recorded(id, environment, true);
  };

  const keyWrites = ({ environment, key }: DeploymentRequest, id: string, fingerprint: string): readonly StreamWrite[] => {
    if (key === undefined) return [];
    const name = streamNames.requestKey(application, environment, key);
    return [
      {
        name,
        expectedVersion: 0,
        events: sealEvents(name, emptyHead, [{ type: "key.taken", at: at(), data: { id, fingerprint } }]).events,
      },
    ];
  };

  return {
    async record(input) {
      const { spec, recorder } = await environments.recorded(input.environment);
      requireImages(spec, input);
      // As JSON: what is absent is not there.
      const wish = JSON.parse(JSON.stringify({ actor: unnamedActor, ...input })) as DeploymentRequest & JsonObject;
      const row = recorder.redactor.value(wish);
      const fingerprint = fingerprintOf(row);
      const known = await findByKey(row, fingerprint);
      if (known !== undefined) return known;
      if (row.kind === "rollback") requireServing(row, await readEnvironment(store, application, row.environment));
      const id = createDeploymentId(clock);
      const name = streamNames.request(application, id);
      const data = { ...row, id } as unknown as RequestEventData["request.created"];
      const created = { type: "request.created", at: at(), data: data as unknown as JsonObject };
      const summary = summaryOf(id, { ...row, createdAt: created.at });
      const { events } = sealEvents(name, emptyHead, [created]);
      try {
        await store.commit({ streams: [{ name, expectedVersion: 0, events, summary }, ...keyWrites(row, id, fingerprint)] });
      } catch (error) {
        const other = isFairleadError(error, "STORE_CONFLICT") ? await findByKey(row, fingerprint) : undefined;
        if (other === undefined) throw error;
        return other;
      }
      return recorded(id, input.environment, false);
    },
    async read(id) {
      const [created, settled] = await readVerified(streamNames.request(application, id));
      return created && toState(id, { ...(created.data as unknown as DeploymentRequest), createdAt: created.at }, settled?.data);
    },
    async pending(environment) {
      const where = { open: true, ...(environment === undefined ? {} : { environment }) };
      const { items } = await store.list({ prefix: streamNames.requests(application), where, order: "oldest", limit: 1000 });
      // Written by `summaryOf`, and by nothing else.
      return items.map(({ summary }) => summary["state"] as unknown as RequestState);
    },
    async row(id) {
      const [created] = await readVerified(streamNames.request(application, id));
      if (created === undefined) throw fail(coreErrors, "DEPLOYMENT_UNKNOWN", { deploymentId: id });
      return created.data as unknown as RequestRow;
    },
    async settle(id, outcome) {
      const name = streamNames.request(application, id);
      const stored = await store.read(name);
      const [created] = stored;
      if (created === undefined || stored.length > 1) return;
      const head = verifyEvents(name, emptyHead, stored);
      const data = outcome satisfies RequestEventData["request.settled"] as unknown as JsonObject;
      const { events } = sealEvents(name, head, [{ type: "request.settled", at: at(), data }]);
      const summary = summaryOf(id, { ...(created.data as unknown as DeploymentRequest), createdAt: created.at }, data);
      await store.commit({ streams: [{ name, expectedVersion: 1, events, summary }] }).catch((error: unknown) => {
        if (!isFairleadError(error, "STORE_CONFLICT")) throw error;
      });
    },
  };
}

/** What the wish is, whoever has it. */
function fingerprintOf({ actor: _actor, reason: _reason, key: _key, ...wish }: DeploymentRequest): string {
  return digestOf(wish);
}

type Created = DeploymentRequest & { readonly createdAt: string };

function summaryOf(id: string, created: Created, settled?: JsonObject): JsonObject {
  const state = toState(id, created, settled);
  return { environment: created.environment, open: settled === undefined, state: state as unknown as JsonObject };
}

function toState(id: string, created: Created, settled?: JsonObject): RequestState {
  const { kind, environment, actor = unnamedActor, reason = null, createdAt } = created;
  const { commit = null, branch = null } = created.kind === "deploy" ? created : {};
  const outcome = settled as { readonly deploymentId?: string; readonly error?: SerializedError } | undefined;
  const { deploymentId = null, error = null } = outcome ?? {};
  return Object.freeze({ id, kind, environment, commit, branch, actor: actor.name, reason, createdAt, deploymentId, error });
}

/** A folder is in no other process: what is asked for is made from images. Throws `REQUEST_NEEDS_IMAGE`. */
function requireImages({ name, components }: EnvironmentSpec, input: DeploymentRequest): void {
  if (input.kind === "rollback") return;
  for (const { name: component, source } of components) {
    const chosen = chosenSource(input.source, component) ?? source;
    if (chosen?.kind === "directory") throw fail(coreErrors, "REQUEST_NEEDS_IMAGE", { environment: name, component });
  }
}

function chosenSource(given: Sources | Source | undefined, component: string): Source | undefined {
  if (given === undefined) return undefined;
  return isSource(given) ? given : given[component];
}

function isSource(given: Sources | Source): given is Source {
  return typeof given.kind === "string";
}
