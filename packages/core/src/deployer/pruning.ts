import type { EnvironmentSpec } from "../config/environment-spec.js";
import type { Actor } from "../contract/deployment-events.js";
import type { StoredEvent, StreamRemoval } from "../contract/store.js";
import { environmentWrite, readEnvironment, type EnvironmentDraft } from "../engine/environment-journal.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail, isFairleadError, serializeError } from "../errors/fairlead-error.js";
import { emptyHead, exportLines, streamNames, verifyEvents } from "../journal/index.js";
import { toMilliseconds } from "../time/duration.js";
import { unnamedActor, type CommandOptions } from "./command-options.js";
import { environmentsBefore, readNeeded, readOldRequests, readPrunable, streamsOfDeployment, type Limits } from "./prunable.js";
import type { Runtime } from "./runtime.js";
import type { Deployer, DeploymentSummary, PrunedEnvironment, PruneInput } from "./types.js";

/** Deployments that go in one commit: whoever else writes does not wait for more. */
const batchSize = 25;

const defaultKeep = 50;

const configured: Actor = Object.freeze({ name: "fairlead", via: "automatic" });

/** An environment as far as it is configured. */
interface Known {
  readonly name: string;
  readonly spec: EnvironmentSpec | undefined;
  /** Masks secrets, where it is known which there are. */
  readonly redact: <Value>(value: Value) => Value;
}

/** A deployment that may go, with what is kept of it. */
interface Prunable extends DeploymentSummary {
  readonly removals: readonly StreamRemoval[];
}

export interface Pruning extends Pick<Deployer, "prune"> {
  /** What the environment's configuration wants removed, after a deployment has ended there. That it cannot be is logged, and matters to nobody else. */
  readonly pruneAfter: (runtime: Runtime) => Promise<void>;
}

/** Removing what nobody needs any more from the journal. */
export function createPruning(options: CommandOptions): Pruning {
  const { environments, store, clock, application } = options;

  const know = async (name: string): Promise<Known> => {
    const { spec, recorder } = await environments.observed(name);
    return { name, spec, redact: (value) => recorder.redactor.value(value) };
  };

  /** Of those that the configuration no longer knows nothing but the name. */
  const knowAll = async (): Promise<readonly Known[]> => {
    const names = await environmentsBefore(options, new Date(clock.now()).toISOString());
    return Promise.all(
      names.map((name) =>
        know(name).catch((error: unknown): Known => {
          if (!isFairleadError(error, "ENVIRONMENT_UNKNOWN")) throw error;
          return { name, spec: undefined, redact: (value) => value };
        }),
      ),
    );
  };

  /** Exactly these streams, verified while they are read. Rejects if one has changed. */
  const journals = async function* (removals: readonly StreamRemoval[]): AsyncGenerator<readonly StoredEvent[]> {
    for (const { name, expectedVersion } of removals) {
      const stored = await store.read(name);
      const { version } = verifyEvents(name, emptyHead, stored);
      if (version !== expectedVersion)
        throw fail(coreErrors, "STORE_CONFLICT", { stream: name, expected: expectedVersion, actual: version });
      if (version > 0) yield stored;
    }
  };

  /** Removes and records it, in one commit. Answers what this call removed: others may do the same at this moment. */
  const remove = async (
    known: Known,
    given: readonly Prunable[],
    { actor = unnamedActor, reason }: PruneInput,
  ): Promise<readonly Prunable[]> => {
    const stream = streamNames.environment(application, known.name);
    let batch = given;
    for (;;) {
      const before = await readEnvironment(store, application, known.name);
      const needed = await readNeeded(options, known.name, known.spec, before);
      batch = batch.filter(({ id }) => !needed.has(id));
      const newest = batch.at(-1);
      if (newest === undefined) return [];
      const pruned: EnvironmentDraft = known.redact({
        type: "history.pruned",
        data: { actor, reason: reason ?? null, deployments: batch.length, until: newest.createdAt },
      });
      const removals = batch.flatMap((one) => one.removals);
      try {
        await store.commit({ streams: [environmentWrite(stream, before, [pruned], new Date(clock.now()).toISOString())], removals });
        return batch;
      } catch (error) {
        if (!isFairleadError(error, "STORE_CONFLICT")) throw error;
        const { stream: changed } = error.data;
        batch = batch.filter((one) => one.removals.every(({ name }) => name !== changed));
      }
    }
  };

  /** They change no more once they are settled: if one has, somebody else has removed it. */
  const removeRequests = async (removals: readonly StreamRemoval[]): Promise<void> => {
    try {
      await store.commit({ streams: [], removals });
    } catch (error) {
      if (!isFairleadError(error, "STORE_CONFLICT")) throw error;
      if (removals.length > 1) for (const one of removals) await removeRequests([one]);
    }
  };

  const pruneOne = async (known: Known, limits: Limits, input: PruneInput): Promise<PrunedEnvironment> => {
    const { name: environment } = known;
    const found = await readPrunable(options, environment, known.spec, limits);
    const requests = input.dryRun === true ? [] : await readOldRequests(options, environment, limits);
    if (input.dryRun === true || found.length + requests.length === 0) return reportOf(environment, found);
    const prunable: Prunable[] = [];
    for (const one of found) prunable.push({ ...one, removals: await streamsOfDeployment(options, one.id) });
    if (input.archive !== undefined) {
      const header = { application, environment, at: new Date(clock.now()).toISOString() };
      await input.archive(
        exportLines(header, journals([...prunable.flatMap(({ removals }) => removals), ...requests])),
        reportOf(environment, found),
      );
    }
    for (let first = 0; first < requests.length; first += batchSize) await removeRequests(requests.slice(first, first + batchSize));
    const removed: DeploymentSummary[] = [];
    for (let first = 0; first < prunable.length; first += batchSize)
      removed.push(...(await remove(known, prunable.slice(first, first + batchSize), input)));
    return reportOf(environment, removed);
  };

  return {
    async pruneAfter({ spec, engine, log }) {
      const limits = limitsOf(spec, {});
      if (limits === undefined || options.drives.stopping.aborted) return;
      try {
        const redact = <Value>(value: Value): Value => engine.redactor.value(value);
        await pruneOne({ name: spec.name, spec, redact }, limits, { actor: configured });
      } catch (error) {
        log.warn(`the history of ${spec.name} was not pruned: ${serializeError(error).message}`);
      }
    },
    async prune(input = {}) {
      const all = input.environment === undefined ? await knowAll() : [await know(input.environment)];
      const limited = all.flatMap((known) => {
        const limits = limitsOf(known.spec, input);
        return limits === undefined ? [] : [{ known, limits }];
      });
      if (limited.length === 0 && (all.length > 0 || input.olderThan === undefined))
        throw fail(coreErrors, "PRUNE_LIMIT_MISSING", { environment: input.environment ?? null });
      const pruned: PrunedEnvironment[] = [];
      for (const { known, limits } of limited) pruned.push(await pruneOne(known, limits, input));
      return { environments: pruned };
    },
  };
}

/** `undefined` where nobody has said how old they have to be: then nothing goes. */
function limitsOf(spec: EnvironmentSpec | undefined, { olderThan, keep }: PruneInput): Limits | undefined {
  const age = olderThan === undefined ? spec?.prune?.olderThan : toMilliseconds(olderThan);
  return age === undefined ? undefined : { olderThan: age, keep: keep ?? spec?.prune?.keep ?? defaultKeep };
}

function reportOf(environment: string, deployments: readonly DeploymentSummary[]): PrunedEnvironment {
  return {
    environment,
    deployments: deployments.length,
    from: deployments[0]?.createdAt ?? null,
    until: deployments.at(-1)?.createdAt ?? null,
  };
}
