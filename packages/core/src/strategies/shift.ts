import type { PlanStep } from "../contract/plan.js";
import { formatMilliseconds } from "../time/duration.js";
import type { RequestedComponent } from "../plan/request.js";
import { effectStep, gateStep } from "../plan/step.js";
import { analysisStep } from "../plan/analysis-step.js";
import type { HoldSpec, ShareSpec } from "./spec.js";

/** Most a change of the router takes, in milliseconds: with the settling it stays within the 15 s that a way back in 30 s allows. */
const routerTimeout = 13_000;

/** Longer than this nobody's word is waited for, in milliseconds. */
const longestHold = 7 * 24 * 3_600_000;

/** What moves traffic to the candidate of a component before it is promoted: steps one after another, each with what goes on beside it. Where nothing serves yet there is nothing to move it from. */
export function shiftSteps(component: RequestedComponent, settle: number): readonly (readonly PlanStep[])[] {
  const { strategy, traffic, previous } = component;
  if (previous === undefined || strategy.kind === "direct" || strategy.kind === "rolling") return [];
  if (strategy.kind === "canary") {
    const weights = strategy.steps.map(({ weight }) => weight);
    return [
      [openStep(component, weights, settle)],
      ...strategy.steps.flatMap((share) => [[weightStep(component, share.weight, settle)], watchSteps(component, share)]),
    ];
  }
  const { preview, standby } = strategy;
  const looking =
    preview === undefined ? [] : [[holdStep(component, { id: "preview", hold: preview, what: `look at the new ${component.name}` })]];
  if (traffic === undefined) return looking;
  return [
    ...looking,
    [openStep(component, [100], settle)],
    [weightStep(component, 100, settle)],
    ...(standby === undefined ? [] : [watchSteps(component, { weight: 100, hold: standby, analysis: undefined })]),
  ];
}

/** Ends what moves traffic, whether this deployment began it or one that was given up. */
export function closeStep({ name, traffic }: RequestedComponent, settle: number): readonly PlanStep[] {
  if (traffic === undefined) return [];
  return [
    effectStep({
      id: `${name}.shift.close`,
      stage: "promote",
      component: name,
      operation: "traffic.close",
      provider: traffic,
      input: {},
      description: `send all traffic to the ${name} that was promoted`,
      timeout: routerTimeout,
      settle,
      idempotency: "natural",
      reversibility: "leave",
    }),
  ];
}

function openStep({ name, traffic }: RequestedComponent, weights: readonly number[], settle: number): PlanStep {
  return effectStep({
    id: `${name}.shift.open`,
    stage: "shift",
    component: name,
    operation: "traffic.open",
    ...provided(traffic),
    input: { candidate: { $output: `${name}.prepare` }, steps: [...weights] },
    description: `put the new ${name} beside the one that serves`,
    timeout: routerTimeout,
    settle,
    idempotency: "natural",
    reversibility: "undo",
  });
}

function weightStep({ name, traffic }: RequestedComponent, weight: number, settle: number): PlanStep {
  return effectStep({
    id: `${name}.shift.${String(weight)}`,
    stage: "shift",
    component: name,
    operation: "traffic.weights",
    ...provided(traffic),
    input: { candidate: { $output: `${name}.prepare` }, weight },
    description: `send ${String(weight)} % of the traffic to the new ${name}`,
    timeout: routerTimeout,
    settle,
    idempotency: "natural",
    reversibility: "undo",
  });
}

function watchSteps(component: RequestedComponent, { weight, hold, analysis }: ShareSpec): readonly PlanStep[] {
  const { name } = component;
  const watch = holdStep(component, { id: `shift.${String(weight)}.watch`, hold, what: `watch the new ${name} at ${String(weight)} %` });
  if (analysis === undefined) return [watch];
  const candidates = { [name]: { $output: `${name}.prepare` } };
  const id = `${name}.shift.${String(weight)}.analysis`;
  return [watch, analysisStep({ id, stage: "shift", component: name, analysis, baseline: true, candidates })];
}

function holdStep(
  { name }: RequestedComponent,
  { id, hold, what }: { readonly id: string; readonly hold: HoldSpec; readonly what: string },
): PlanStep {
  const step = gateStep({
    id: `${name}.${id}`,
    stage: "shift",
    operation: "gate.bake",
    description: hold === null ? `${what} until somebody advances` : `${what} for ${formatMilliseconds(hold)}`,
    timeout: (hold ?? longestHold) + 30_000,
  });
  return { ...step, component: name, input: { candidates: { [name]: { $output: `${name}.prepare` } }, for: hold, live: false } };
}

function provided(plugin: string | undefined): Pick<PlanStep, "provider"> {
  return plugin === undefined ? {} : { provider: plugin };
}
