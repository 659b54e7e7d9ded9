import type { PlanStep, StepFailure } from "../contract/plan.js";
import type { RequestedComponent } from "../plan/request.js";
import { gateStep } from "../plan/step.js";
import { formatMilliseconds } from "../time/duration.js";
import { promoteStep } from "./promote.js";
import { closeStep } from "./shift.js";
import type { RollingSpec } from "./spec.js";

/** Promotes the places of a fleet batch after batch, and watches each batch before the next. */
export function rollingSteps(fleet: string, members: readonly RequestedComponent[], settle: number): readonly (readonly PlanStep[])[] {
  const strategy = members.map((member) => member.strategy).find((one) => one.kind === "rolling");
  if (strategy === undefined) return [];
  const failure: StepFailure = { of: fleet, most: strategy.failures, then: strategy.onFailure };
  const batches = Array.from({ length: Math.ceil(members.length / strategy.batch) }, (_, index) =>
    members.slice(index * strategy.batch, (index + 1) * strategy.batch),
  );
  return [
    ...batches.flatMap((batch, index) => [
      batch.map((member) => ({ ...promoteStep(member, settle), failure })),
      [watchStep({ fleet, batch, number: index + 1, of: batches.length, strategy })],
    ]),
    members.flatMap((member) => closeStep(member, settle)),
  ];
}

function watchStep({
  fleet,
  batch,
  number,
  of,
  strategy,
}: {
  readonly fleet: string;
  readonly batch: readonly RequestedComponent[];
  readonly number: number;
  readonly of: number;
  readonly strategy: RollingSpec;
}): PlanStep {
  const step = gateStep({
    id: `${fleet}.batch.${String(number)}.watch`,
    stage: "promote",
    operation: "gate.bake",
    description: `watch batch ${String(number)} of ${String(of)} (${batch.map(({ name }) => name).join(", ")}) for ${formatMilliseconds(strategy.watch)}`,
    timeout: strategy.watch + 30_000,
  });
  // What has failed to move and may is asked nothing.
  const candidates = Object.fromEntries(batch.map(({ name }) => [name, { $output: `${name}.prepare`, $after: `${name}.promote` }]));
  return { ...step, input: { candidates, for: strategy.watch } };
}
