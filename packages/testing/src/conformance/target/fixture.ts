import assert from "node:assert/strict";
import {
  isFairleadError,
  type Artifact,
  type CallOptions,
  type Candidate,
  type ComponentReference,
  type DeploymentCall,
  type DeployTarget,
  type Logger,
  type PrepareInput,
  type Release,
} from "@fairlead/core";
import type { Fixture } from "../suite.js";

/** A target whose provider holds nothing of the component yet, and somebody who looks at the provider past the target. */
export interface TargetFixture extends Fixture {
  readonly target: DeployTarget;
  /**
   * Another instance of the plugin on the same provider, as another process would have it. Where a component is named, as it is set up for the environment of that one, which differs from `component` in its
   * environment or its name.
   */
  readonly again: (component?: ComponentReference) => Promise<DeployTarget> | DeployTarget;
  /** What is deployed: of this case alone. Its role is one that the target can run. */
  readonly component: ComponentReference;
  /** Something that the target can deploy. Each version differs in content from every other. */
  readonly artifact: (version: number) => Promise<Artifact> | Artifact;
  /** Something that can never become ready, e.g. a build that fails. Left out where the target has no such thing: then nothing is asked about it. */
  readonly brokenArtifact?: () => Promise<Artifact> | Artifact;
  /** What is true at the provider, found out without the target. */
  readonly witness: TargetWitness;
}

export interface TargetWitness {
  /** Ids of the releases that users reach now, or that run now; each once. By what the release was told (`FAIRLEAD_RELEASE`), not by what the target says. */
  serving(): Promise<readonly string[]>;
  /** How many candidates of the component exist. */
  candidates(): Promise<number>;
}

/** A candidate and what it was made from. */
export interface Prepared {
  readonly candidate: Candidate;
  readonly release: Release;
  readonly key: string;
}

let minted = 0;

/** A key that no other case has. */
export function newKey(): string {
  minted += 1;
  return `conformance-${String(minted)}-${String(performance.timeOrigin)}`;
}

export function releaseOf({ component }: TargetFixture, version: number, artifact: Artifact): Release {
  return {
    id: `rel_${String(version).padStart(26, "0")}`,
    application: component.application,
    createdAt: new Date(Date.UTC(2026, 0, 1, 0, version)).toISOString(),
    provenance: {},
    artifacts: { [component.component]: artifact },
    migrations: [],
    contentDigest: artifact.digest,
  };
}

export async function inputOf(fixture: TargetFixture, version: number, key = newKey()): Promise<PrepareInput> {
  const artifact = await fixture.artifact(version);
  return { ...fixture.component, release: releaseOf(fixture, version, artifact), artifact, key, variables: { CONFORMANCE: "yes" } };
}

const silent: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A call of a deployment. */
export function callOf(
  { component }: TargetFixture,
  idempotencyKey = newKey(),
  signal: AbortSignal = new AbortController().signal,
): DeploymentCall {
  return { signal, log: silent, environment: component.environment, deploymentId: "dep_conformance", idempotencyKey };
}

/** A call that only asks. */
export function question(): CallOptions {
  return { signal: new AbortController().signal, log: silent };
}

/** Prepares a version. */
export async function prepare(fixture: TargetFixture, version: number, target = fixture.target): Promise<Prepared> {
  const input = await inputOf(fixture, version);
  const candidate = await target.prepare(input, callOf(fixture, input.key));
  return { candidate, release: input.release, key: input.key };
}

export async function promote(fixture: TargetFixture, candidate: Candidate, previous?: Candidate): Promise<void> {
  await fixture.target.promote({ ...fixture.component, candidate, ...(previous === undefined ? {} : { previous }) }, callOf(fixture));
}

/** Prepares a version and promotes it over what serves. */
export async function release(fixture: TargetFixture, version: number): Promise<Prepared> {
  const previous = (await fixture.target.current(fixture.component, question()))?.candidate;
  const prepared = await prepare(fixture, version);
  await promote(fixture, prepared.candidate, previous);
  return prepared;
}

/** The provider and the target both say that this release serves, and nothing else does. */
export async function serves(fixture: TargetFixture, { candidate, release: { id } }: Prepared, target = fixture.target): Promise<void> {
  assert.deepEqual(await fixture.witness.serving(), [id]);
  const serving = await target.current(fixture.component, question());
  assert.deepEqual({ id: serving?.candidate.id, settled: serving?.settled }, { id: candidate.id, settled: true });
}

/** Rejects with an error of the catalogue that no second try would mend. */
export async function refusesForGood(work: Promise<unknown>): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(isFairleadError(error), `expected an error of the catalogue, not ${String(error)}`);
    assert.equal(error.retryable, false, `${error.code} says that trying again may help`);
    return true;
  });
}

/** A candidate as it comes back from the journal. */
export function journalled(candidate: Candidate): Candidate {
  return JSON.parse(JSON.stringify(candidate)) as Candidate;
}
