import assert from "node:assert/strict";
import type { Json, Release, StepCall, StepDefinition, StepObservation } from "@fairlead/core";
import { recordedCall, type RecordedCall } from "../call.js";
import type { Fixture } from "../suite.js";

/** Own steps whose provider holds nothing of them yet, and somebody who looks at the provider past them. */
export interface StepsFixture extends Fixture {
  readonly steps: readonly StepDefinition[];
  /** Those of another instance of the plugin on the same provider, as another process would have them. */
  readonly again: () => Promise<readonly StepDefinition[]> | readonly StepDefinition[];
  /** Makes the provider go wrong from now on. Left out where it cannot: then nothing is asked about it. */
  readonly trouble?: StepTrouble;
  /** What nobody may see. */
  readonly secrets: readonly string[];
  /** What is true at the provider, found out without the steps. */
  readonly witness: StepWitness;
}

/** What these answer is awaited. */
export interface StepTrouble {
  /** It does what it is asked to do, and its answers are lost. */
  readonly lossy: () => unknown;
  /** It does nothing and never answers. */
  readonly silent: () => unknown;
  /** Ends both. */
  readonly over: () => unknown;
}

export interface StepWitness {
  /** How often the effect of a step stands: what was taken back does not count. */
  effects(step: string): Promise<number> | number;
}

const release: Release = {
  id: "rel_00000000000000000000000001",
  application: "shop",
  createdAt: "2026-01-01T00:00:00.000Z",
  provenance: {},
  artifacts: {},
  migrations: [],
  contentDigest: "sha256:0",
};

let minted = 0;

/** A key that no other call has. */
export function newKey(): string {
  minted += 1;
  return `dep_conformance/${String(minted)}-${String(performance.timeOrigin)}`;
}

/** A call of a deployment, as the engine makes it for every attempt of one step. */
export function stepCall(idempotencyKey: string, signal?: AbortSignal): StepCall & RecordedCall {
  return { ...recordedCall(signal), environment: "production", deploymentId: "dep_conformance", idempotencyKey, release };
}

/** The input of a step as it comes back from the plan. */
export function inputOf(step: StepDefinition): NonNullable<StepDefinition["input"]> {
  return JSON.parse(JSON.stringify(step.input ?? {})) as NonNullable<StepDefinition["input"]>;
}

/** Does it, with time enough. */
export function run(step: StepDefinition, key: string): Promise<Json | undefined> {
  return step.run(inputOf(step), stepCall(key));
}

/** What came of it; `undefined` where that cannot be told, which only a step that may be done twice can afford. */
export async function observe(step: StepDefinition, key: string): Promise<StepObservation | undefined> {
  const observation = await step.observe?.(inputOf(step), stepCall(key));
  return observation?.status === "indeterminate" && step.idempotency !== "none" ? undefined : observation;
}

/** Takes it back. */
export async function undo(step: StepDefinition, key: string, output?: Json): Promise<void> {
  assert.ok(isReversible(step));
  await step.undo(inputOf(step), { ...stepCall(key), output });
}

/** Whether it can be taken back. */
export function isReversible(step: StepDefinition): step is Extract<StepDefinition, { readonly reversibility: "undo" }> {
  return step.reversibility === "undo";
}

/** The same step of another process. */
export async function ofAnother({ again }: StepsFixture, { id }: StepDefinition): Promise<StepDefinition> {
  return (await again()).find((step) => step.id === id) ?? assert.fail(`another process has no step ${id}`);
}

/** Its effect stands so many times. */
export async function stands({ witness }: StepsFixture, { id }: StepDefinition, times: number): Promise<void> {
  assert.equal(await witness.effects(id), times, `how often the effect of ${id} stands`);
}
