import type { Candidate } from "../../contract/release.js";
import type { TrafficRouter, TrafficWeights } from "../../contract/traffic.js";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";
import type { OperationContext, OperationHandler } from "../operation.js";
import { candidateOf, subjectOf } from "./read-input.js";

/** Puts a candidate beside what serves; taken back by ending that. */
export const trafficOpen: OperationHandler = {
  async run(context) {
    const { router, component } = await routerOf(context);
    const steps = Array.isArray(context.input["steps"]) ? context.input["steps"].filter((step) => typeof step === "number") : [];
    await router.open({ ...component, stable: stableOf(context), candidate: candidateOf(context), steps }, context.call);
    return { candidate: candidateOf(context).id };
  },
  async observe(context) {
    return (await shareOf(context)) === undefined ? { status: "absent" } : { status: "applied" };
  },
  async undo(context) {
    const { router, component } = await routerOf(context);
    await router.close(component, context.call);
  },
  async observeUndo(context) {
    return { status: (await shareOf(context)) === undefined ? "undone" : "applied" };
  },
};

/** Gives a candidate its share; taken back by giving it none, whatever it had before. */
export const trafficWeights: OperationHandler = {
  async run(context) {
    await setShare(context, weightOf(context));
    return { weight: weightOf(context) };
  },
  async observe(context) {
    return (await shareOf(context)) === weightOf(context) ? { status: "applied" } : { status: "absent" };
  },
  async undo(context) {
    if (((await shareOf(context)) ?? 0) > 0) await setShare(context, 0);
  },
  async observeUndo(context) {
    return ((await shareOf(context)) ?? 0) === 0 ? { status: "undone" } : { status: "applied" };
  },
};

/** Ends a shift: all traffic goes to what was promoted. */
export const trafficClose: OperationHandler = {
  async run(context) {
    const { router, component } = await routerOf(context);
    await router.close(component, context.call);
    return {};
  },
  // Ending it again changes nothing.
  observe: () => Promise.resolve({ status: "absent" }),
};

async function setShare(context: OperationContext, weight: number): Promise<void> {
  const { router, component } = await routerOf(context);
  const weights = { [stableOf(context).id]: 100 - weight, [candidateOf(context).id]: weight };
  await router.setWeights({ ...component, weights }, context.call);
}

async function shareOf(context: OperationContext): Promise<number | undefined> {
  return (await weightsOf(context))[candidateOf(context).id];
}

async function weightsOf(context: OperationContext): Promise<TrafficWeights> {
  const { router, component } = await routerOf(context);
  return router.getWeights(component, context.call);
}

async function routerOf(context: OperationContext): Promise<ReturnType<typeof subjectOf> & { readonly router: TrafficRouter }> {
  const subject = subjectOf(context);
  return { ...subject, router: await context.capabilities.get(subject.plugin, "traffic") };
}

function stableOf({ plan, component, step }: OperationContext): Candidate {
  const stable = plan.components.find(({ name }) => name === component?.component)?.previous;
  if (stable === undefined) throw fail(coreErrors, "STEP_UNKNOWN", { step: step.id, operation: step.operation });
  return stable;
}

function weightOf({ input, step }: OperationContext): number {
  if (typeof input["weight"] !== "number") throw fail(coreErrors, "STEP_UNKNOWN", { step: step.id, operation: step.operation });
  return input["weight"];
}
