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

/** Carries out, in a worker, what other processes ask for. */
export interface RequestDesk {
  carryOut: CarryOut | undefined;
  /** Begins with what nobody has begun with yet; waits for none of it. */
  look(usable: UsableEnvironments): Promise<void>;
  /** Resolves when nothing of it is being begun here any more. */
  idle(): Promise<void>;
}

export function createRequestDesk({ store, clock, application }: CommandOptions, requests: Requests): RequestDesk {
  const underWay = new Map<string, Promise<void>>();
  const again = new Map<string, number>();

  const begin = async (id: string, carryOut: CarryOut): Promise<string> => {
    const row = await requests.row(id);
    const about = { id, environment: row.environment, ...optional("actor", row.actor), ...optional("reason", row.reason) };
    if (row.kind === "rollback") return (await carryOut.rollback({ ...about, ...optional("to", row.to) })).id;
    const { source, key, commit, branch } = row;
    const provenance = { ...optional("commit", commit), ...optional("branch", branch) };
    return (await carryOut.deploy({ ...about, provenance, ...optional("source", source), ...optional("key", key) })).id;
  };

  const carry = async (runtime: Runtime, { id, createdAt }: RequestState, carryOut: CarryOut): Promise<void> => {
    const { holder, leaseTtl, redactor } = runtime.engine;
    // Two workers that plan it both do no harm, but twice the work: only one of them can record it.
    const answer = await store.leases.acquire({ name: `request/${id}`, holder: { ...holder }, ttl: leaseTtl });
    if (!answer.granted) return;
    try {
      const [begun] = await store.read(streamNames.deployment(application, id), { limit: 1 });
      const deploymentId = begun === undefined ? await begin(id, carryOut) : id;
      await requests.settle(id, { deploymentId });
    } catch (error) {
      const isRetryable = isFairleadError(error) && error.retryable && error.code !== "ENVIRONMENT_BUSY";
      const isLate = clock.now() - Date.parse(createdAt) >= refuseAfter;
      if (isRetryable && !isLate) {
        again.set(id, clock.now() + againAfter);
        throw error;
      }
      const masked = maskedError(redactor, error);
      const told = isRetryable ? fail(coreErrors, "REQUEST_EXPIRED", { id, problem: masked.message }) : masked;
      runtime.log.warn(`${id} was asked for and is refused: ${masked.message}`);
      await requests.settle(id, { error: serializeError(told) });
    } finally {
      await store.leases.release(answer.lease);
    }
  };

  return {
    carryOut: undefined,
    async look(usable) {
      const { carryOut } = this;
      if (carryOut === undefined) return;
      for (const request of await requests.pending()) {
        const { id, environment } = request;
        if (underWay.has(id) || (again.get(id) ?? 0) > clock.now()) continue;
        const done = usable.use(environment, id, (runtime) => carry(runtime, request, carryOut)).finally(() => underWay.delete(id));
        underWay.set(id, done);
        done.catch(() => undefined);
      }
    },
    async idle() {
      await Promise.allSettled(underWay.values());
    },
  };
}

/** A member that is not there at all where it has no value. */
function optional<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [Key in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: Value };
}
