import type { MigrationPhase } from "@fairlead/core";

/** In the order in which they run. */
export const phases = ["expand", "backfill", "contract"] as const satisfies readonly MigrationPhase[];

/** Files, or what stands for them, in the order in which a deployment runs them: phase by phase. */
export function inPhases<One extends { readonly phase: MigrationPhase }>(all: readonly One[]): readonly One[] {
  return phases.flatMap((phase) => all.filter((one) => one.phase === phase));
}

/** Those that run while a release may serve that knows nothing of them: what contracts runs when nothing older does any more. */
export function beforeContract<One extends { readonly phase: MigrationPhase }>(all: readonly One[]): readonly One[] {
  return all.filter(({ phase }) => phase !== "contract");
}
