import type { CallOptions } from "../contract/call.js";
import { serializeError } from "../errors/fairlead-error.js";
import type { Clock } from "../time/clock.js";
import type { Environments } from "./environments.js";
import type { Runtime } from "./runtime.js";

/** After a failure an environment is left alone for this long, in milliseconds: its secrets and providers need not be asked every second. */
const leaveAlone = 30_000;

/** Environments as a worker uses them: what is wrong in one place is said once and keeps it from nothing else. */
export interface UsableEnvironments {
  /** Throws what is wrong with the first one if nothing can be done for any. */
  requireOne(): Promise<void>;
  /** Does something for a deployment, if that is possible now. */
  use(environment: string, deploymentId: string, act: (runtime: Runtime) => Promise<void>): Promise<void>;
  /** Why an environment is left alone now; `undefined` where it is not. */
  problemOf(environment: string): string | undefined;
}

export function createUsable({
  environments,
  clock,
  call,
}: {
  readonly environments: Environments;
  readonly clock: Clock;
  readonly call: CallOptions;
}): UsableEnvironments {
  const said = new Map<string, string>();
  const again = new Map<string, number>();

  const refuse = (key: string, what: string, error: unknown): void => {
    again.set(key, clock.now() + leaveAlone);
    const { message } = serializeError(error);
    if (said.get(key) === message) return;
    said.set(key, message);
    call.log.warn(`${what} is left as it is: ${message}`);
  };

  const isLeftAlone = (key: string): boolean => (again.get(key) ?? 0) > clock.now();

  return {
    async requireOne() {
      const settled = await Promise.allSettled(environments.names.map((name) => environments.runtime(name)));
      const failures = settled.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
      if (failures.length > 0 && failures.length === settled.length) throw failures[0];
      settled.forEach((one, index) => {
        const name = environments.names[index] ?? "";
        if (one.status === "rejected") refuse(name, name, one.reason);
      });
    },
    problemOf: (environment) => (isLeftAlone(environment) ? said.get(environment) : undefined),
    async use(environment, deploymentId, act) {
      if (isLeftAlone(environment) || isLeftAlone(deploymentId)) return;
      let runtime: Runtime;
      try {
        runtime = await environments.runtime(environment);
      } catch (error) {
        refuse(environment, environment, error);
        return;
      }
      try {
        await act(runtime);
      } catch (error) {
        refuse(deploymentId, `${deploymentId} in ${environment}`, error);
      }
    },
  };
}
