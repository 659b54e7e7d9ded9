import type { TestContext } from "vitest";

/** Something that always holds, by its number: the reporter of the proofs says what it is. */
export type Invariant = `I${number}`;

/** How a test shows it: over every state that can be reached, over many that are drawn, or in a deployment from its beginning to its end. */
export type ProofKind = "explored" | "property" | "end to end";

export interface Proof {
  readonly kind: ProofKind;
  readonly invariants: readonly Invariant[];
}

declare module "vitest" {
  interface TaskMeta {
    proof?: Proof;
  }
}

/** Declares what a test proves if it passes. Said once in a test. */
export function proves({ task }: Pick<TestContext, "task">, kind: ProofKind, ...invariants: readonly Invariant[]): void {
  task.meta.proof = { kind, invariants };
}
