import type { DeployedRelease, ServingFact, WaitingFor } from "../contract/deployment-events.js";
import type { OutboxMessage } from "../contract/store.js";
import type { PastDeployment } from "../history/index.js";
import type { Attention, Phase, WayBack } from "../machine/index.js";
import type { StatusDesk } from "../status/index.js";

/** A line of the history. Of a deployment that an older version recorded, what it did not record yet is 0, `false` or `null`. */
export interface DeploymentSummary extends PastDeployment {
  readonly id: string;
  readonly commit: string | null;
  readonly actor: string;
  readonly reason: string | null;
  readonly error: string | null;
}

/** A deployment that has not begun. */
export interface WaitingDeployment extends DeploymentSummary {
  /** Of its plan: what the word of people is bound to. */
  readonly digest: string;
}

export interface ComponentStatus {
  readonly component: string;
  readonly target: string;
  /** Read live. */
  readonly serving: ServingFact;
  /** What the journal says should serve. */
  readonly expected: string | null;
  /** Whether what serves is known and not what the journal says: something else has deployed, or what was deployed has stopped. False while a deployment is under way. */
  readonly drifted: boolean;
}

/** A release that a rollback may go to, or not any more. */
export interface RollbackTarget {
  readonly release: string;
  /** When it served last, ISO 8601. */
  readonly servedUntil: string;
  /** Whether every target still has it; `null` where they could not be asked. */
  readonly retained: boolean | null;
  /** Why a rollback may not go there although it is retained; `null` if it may. */
  readonly outside: string | null;
}

/** What somebody wants of a deployment under way. */
export interface StatusWish {
  readonly actor: string;
  readonly reason: string | null;
}

export interface EnvironmentStatus {
  readonly environment: string;
  readonly release: DeployedRelease | null;
  readonly components: readonly ComponentStatus[];
  /** The deployment under way, if there is one, and who drives it: `null` where nobody does, so that `recover` has to. Where it needs attention, why. */
  readonly running: {
    readonly deploymentId: string;
    readonly phase: Phase;
    readonly holder: string | null;
    readonly since: string;
    readonly attention: Attention | null;
    /** Who has paused it; `null` if nobody has. */
    readonly paused: StatusWish | null;
    /** Who has asked it to stop; `null` if nobody has. */
    readonly stopping: StatusWish | null;
    /** What runs now, in words. */
    readonly steps: readonly { readonly step: string; readonly description: string }[];
    /** Until which step it can be taken back by itself; `null` where it is being taken back, or a person has to decide. */
    readonly wayBack: WayBack | null;
    /** What it waits for; `until` is ISO 8601, `null` until something happens. `summary` is what people are asked to agree to, line by line, and `digest` what their word is bound to; `null` where nobody is asked. */
    readonly waiting: readonly {
      readonly step: string;
      readonly waitingFor: WaitingFor;
      readonly reason: string;
      readonly until: string | null;
      readonly summary: readonly string[];
      readonly digest: string | null;
    }[];
  } | null;
  readonly last: DeploymentSummary | null;
  /** Deployments that have not begun, the oldest first. */
  readonly queue: readonly WaitingDeployment[];
  /** What keeps deployments from beginning now; `until` is ISO 8601, `null` until somebody ends it. */
  readonly freeze: { readonly reason: string; readonly until: string | null } | null;
  /** Since a rollback nothing that began by itself replaces what was put back. */
  readonly pin: {
    readonly release: string;
    readonly deploymentId: string;
    readonly actor: string;
    readonly reason: string | null;
  } | null;
  /** Releases that served before, the last one first. */
  readonly rollbackTargets: readonly RollbackTarget[];
  /** Messages that are still to be delivered, by a worker or at the end of the next command that acts on the environment. */
  readonly waiting: readonly OutboxMessage[];
  /** Messages that could not be delivered. */
  readonly deadLetters: readonly OutboxMessage[];
}

/** The status pages of the environments. */
export interface StatusPages<Environment extends string = string> {
  /**
   * The status page of an environment, which some process declares with `createStatus`: reads it, opens and updates incidents, announces maintenances. The environment's notifiers are told when an incident opens and when it
   * is resolved. Its `read` throws `STATUS_PAGE_UNKNOWN` where there is none.
   */
  statusPage(environment: Environment): Promise<StatusDesk>;
}
