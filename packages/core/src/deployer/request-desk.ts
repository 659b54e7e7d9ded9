import type { Provenance } from "../contract/release.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail, isFairleadError, serializeError } from "../errors/fairlead-error.js";
import { streamNames } from "../journal/index.js";
import { maskedError } from "../secret/masked-error.js";
import type { CommandOptions } from "./command-options.js";
import type { Requests } from "./requests.js";
import type { RequestState } from "./request-types.js";
import type { Runtime } from "./runtime.js";
import type { DeployInput, Deployment, RollbackInput } from "./types.js";
import type { UsableEnvironments } from "./usable-environments.js";

/** What a worker is asked to deploy; `id` and `provenance` are those of a request. */
export type Wanted = DeployInput & { readonly id?: string; readonly provenance?: Provenance };

/** How a request is carried out. */
export interface CarryOut {
  deploy(input: Wanted): Promise<Deployment>;
  rollback(input: RollbackInput & { readonly id?: string }): Promise<Deployment>;
}

/** What could not be planned now is tried again after this, and refused when it was asked for so long ago, in milliseconds. */
const againAfter = 5_000;
const refuseAfter = 15 * 60_000;
/** Long enough to say that a request has expired, in milliseconds. */
const expiringTtl = 30_000;

type Outcome = Parameters<Requests["settle"]>[1];

/** Carries out, in a worker, what other processes ask for. */
export interface RequestDesk {
  carryOut: CarryOut | undefined;
  /** Begins with what nobody has begun with yet, in each environment in the order in which it was asked for; waits for none of it. */
  look(usable: UsableEnvironments, signal: AbortSignal): Promise<void>;
  /** Resolves when nothing of it is being begun here any more. */
  idle(): Promise<void>;
}

export function createRequestDesk({ environments, store, clock, application }: CommandOptions, requests: Requests): RequestDesk {
  /** By environment. */
  const underWay = new Map<string, Promise<void>>();
  const again = new Map<string, number>();

  const begin = async (id: string, carryOut: CarryOut): Promise<string> => {
    const row = await requests.row(id);
    const about = { id, environment: row.environment, ...optional("actor", row.actor), ...optional("reason", row.reason) };
    if (row.kind === "rollback")
      return (await carryOut.rollback({ ...about, ...optional("to", row.to), ...optional("from", row.from) })).id;
    const { source, key, commit, branch } = row;
    const provenance = { ...optional("commit", commit), ...optional("branch", branch) };
    return (await carryOut.deploy({ ...about, provenance, ...optional("source", source), ...optional("key", key) })).id;
  };

  const isLate = ({ createdAt }: RequestState): boolean => clock.now() - Date.parse(createdAt) >= refuseAfter;

  /** Two workers that plan it both do no harm, but twice the work: only one of them can record it. Answers whether it is settled. */
  const settledAlone = async (id: string, ttl: number, outcomeOf: () => Promise<Outcome>): Promise<boolean> => {
    const answer = await store.leases.acquire({ name: `request/${id}`, holder: { ...environments.holder() }, ttl });
    if (!answer.granted) return false;
    try {
      const found = await requests.read(id);
      if (found?.deploymentId === null && found.error === null) await requests.settle(id, await outcomeOf());
      again.delete(id);
      return true;
    } finally {
      await store.leases.release(answer.lease);
    }
  };

  const hasBegun = async (id: string): Promise<boolean> =>
    (await store.read(streamNames.deployment(application, id), { limit: 1 })).length > 0;

  const carry = async ({ engine, log }: Runtime, request: RequestState, carryOut: CarryOut): Promise<Outcome> => {
    const { id } = request;
    try {
      return { deploymentId: (await hasBegun(id)) ? id : await begin(id, carryOut) };
    } catch (error) {
      const isRetryable = isFairleadError(error) && error.retryable && error.code !== "ENVIRONMENT_BUSY";
      if (isRetryable && !isLate(request)) {
        again.set(id, clock.now() + againAfter);
        throw error;
      }
      const masked = maskedError(engine.redactor, error);
      const told = isRetryable ? fail(coreErrors, "REQUEST_EXPIRED", { id, problem: masked.message }) : masked;
      log.warn(`${id} was asked for and is refused: ${masked.message}`);
      return { error: serializeError(told) };
    }
  };

  /** Where this worker cannot use the environment, and nobody else has begun with it for so long. */
  const expire = async (request: RequestState, problem: string | undefined): Promise<boolean> => {
    const { id, environment } = request;
    if (problem === undefined || !isLate(request)) return false;
    // What masks it may be what is wrong.
    const masked = await environments.recorded(environment).then(
      ({ recorder }) => recorder.redactor.text(problem),
      () => `the worker cannot use "${environment}".`,
    );
    const told = fail(coreErrors, "REQUEST_EXPIRED", { id, problem: masked });
    return settledAlone(id, expiringTtl, async () => ((await hasBegun(id)) ? { deploymentId: id } : { error: serializeError(told) }));
  };

  const carryInOrder = async (wanted: readonly RequestState[], usable: UsableEnvironments, signal: AbortSignal): Promise<void> => {
    for (const request of wanted) {
      const { carryOut } = desk;
      const { id, environment } = request;
      if (carryOut === undefined || signal.aborted || (again.get(id) ?? 0) > clock.now()) return;
      const outcome = { isSettled: false };
      await usable.use(environment, id, async (runtime) => {
        outcome.isSettled = await settledAlone(id, runtime.engine.leaseTtl, () => carry(runtime, request, carryOut));
      });
      // Behind what is under way elsewhere, or is tried again, nothing begins.
      if (!outcome.isSettled && !(await expire(request, usable.problemOf(environment)))) return;
    }
  };

  const desk: RequestDesk = {
    carryOut: undefined,
    async look(usable, signal) {
      for (const [environment, wanted] of Map.groupBy(await requests.pending(), (request) => request.environment)) {
        if (underWay.has(environment)) continue;
        const done = carryInOrder(wanted, usable, signal).finally(() => underWay.delete(environment));
        underWay.set(environment, done);
        done.catch(() => undefined);
      }
    },
    async idle() {
      await Promise.allSettled(underWay.values());
    },
  };
  return desk;
}

/** A member that is not there at all where it has no value. */
function optional<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [Key in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: Value };
}
