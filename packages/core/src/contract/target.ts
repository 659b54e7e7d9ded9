import type { CallOptions, DeploymentCall } from "./call.js";
import type { Artifact, Candidate, Release } from "./release.js";

/** `web` answers requests; `worker` takes jobs and has no address. */
export type ComponentRole = "web" | "worker";

/** Which part of which application in which environment a call is about. */
export interface ComponentReference {
  readonly application: string;
  readonly environment: string;
  readonly component: string;
  readonly role: ComponentRole;
}

export interface PrepareInput extends ComponentReference {
  readonly release: Release;
  readonly artifact: Artifact;
  /** The idempotency key of the candidate: preparing twice with the same key gives the same candidate, also from another process. */
  readonly key: string;
  /** Values for the running release besides `FAIRLEAD_RELEASE` and `FAIRLEAD_ENVIRONMENT`, which the target sets itself. No secrets. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * What is true at the provider about a candidate that was asked for with a key. `absent`: never came to be. `in-progress`: being made. `applied`: is there, ready.
 * `undone`: was there and is gone. `failed`: the provider gave up on it for good. `indeterminate`: the provider cannot tell.
 */
export type TargetObservation =
  | { readonly status: "absent" | "undone" }
  | { readonly status: "in-progress"; readonly candidate?: Candidate }
  | { readonly status: "applied"; readonly candidate: Candidate }
  | { readonly status: "failed"; readonly candidate?: Candidate; readonly reason: string }
  | { readonly status: "indeterminate"; readonly reason: string };

/** What serves at a target now. */
export interface Serving {
  readonly candidate: Candidate;
  /** The release that was handed to it when it was made, where the provider can still say so. Absent for what others deployed. */
  readonly release?: string;
  /** False while a move is under way, or while some addresses or replicas still serve another candidate. */
  readonly settled: boolean;
  /** Anything a person should know, e.g. the domains that lag behind. */
  readonly note?: string;
}

/** A candidate that the target still has and that `promote` would accept at once. */
export interface RetainedCandidate {
  readonly candidate: Candidate;
  readonly release?: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** What a reference to an image means now. */
export interface ResolvedImage {
  /** `sha256:<hex>`: of the image's content, so that equal digests are equal images. */
  readonly digest: string;
  /** A reference that `prepare` takes and that can never mean another image. */
  readonly pinned: string;
  /** Anything a person should know before it is deployed, e.g. that the registry did not answer. Becomes a warning of the plan. */
  readonly note?: string;
}

export interface LogLine {
  /** ISO 8601. */
  readonly at: string;
  readonly text: string;
  readonly stream: "stdout" | "stderr" | "event";
}

/**
 * Where a component runs. Every method re-reads the provider and treats what it is told as a hint (observe → ensure → sync); each may be called again at any time, also
 * by another process after a crash.
 */
export interface DeployTarget {
  /** The roles it can run. A component of another role is refused as a mistake in the configuration. */
  readonly roles: readonly ComponentRole[];
  /** How the plan words it, e.g. `Vercel project shop`. */
  readonly description: string;
  /** Most a `promote` takes before it counts as failed. Default 13 s, so that promote and settle stay within 15 s. In milliseconds. */
  readonly promoteTimeout?: number;

  /**
   * Makes a candidate that serves nobody and, for a worker, runs nothing. Same key, same candidate, however often and from wherever it is called. Resolves when the
   * candidate is ready to be promoted; a build that failed rejects with an error that is not retryable.
   */
  prepare(input: PrepareInput, call: DeploymentCall): Promise<Candidate>;
  /** What came of `prepare` with this key. Changes nothing. */
  observe(input: ComponentReference & { readonly key: string }, call: CallOptions): Promise<TargetObservation>;
  /**
   * Makes the candidate the one that serves, and resolves when all of its addresses or replicas do. The last move of a deployment and also what a rollback
   * calls; alone changes `current`. Promoting what serves already changes nothing. For a worker: starts it, gates it, drains the old one.
   */
  promote(
    input: ComponentReference & { readonly candidate: Candidate; readonly previous?: Candidate },
    call: DeploymentCall,
  ): Promise<void>;
  /** What serves now, read live; `undefined` when nothing does. Settles an unknown `promote`. */
  current(input: ComponentReference, call: CallOptions): Promise<Serving | undefined>;
  /** Removes a candidate that does not serve; what is gone already is fine. Refuses with an error to remove what serves. Absent: candidates stay until the provider forgets them. */
  discard?(input: ComponentReference & { readonly candidate: Candidate }, call: DeploymentCall): Promise<void>;
  /** Candidates that a rollback could go to, newest first, without the one that serves. */
  retained(input: ComponentReference, call: CallOptions): Promise<readonly RetainedCandidate[]>;
  /** Output of a candidate, oldest first; ends when there is no more for now. */
  logs?(input: ComponentReference & { readonly candidate: Candidate; readonly since?: string }, call: CallOptions): AsyncIterable<LogLine>;
  /**
   * What a reference to an image, such as a tag, means at this moment; `undefined` where nobody can say. Asked when a plan is made, which then names that image and no other. Changes nothing. Absent: a
   * reference that names no digest is taken for another image each time.
   */
  resolve?(input: ComponentReference & { readonly reference: string }, call: CallOptions): Promise<ResolvedImage | undefined>;
  /**
   * The files of a folder that `prepare` takes, relative to it, with slashes: they alone are the content of a release. Reads the folder, changes nothing. Absent: all, except `.git` and
   * `.DS_Store`.
   */
  files?(input: ComponentReference & { readonly folder: string }, call: CallOptions): Promise<readonly string[]>;
}
