import { defineErrors, error, fail, type StepCall, type StepDefinition } from "@fairlead/core";
import type { StepsFixture } from "../../src/conformance/steps/fixture.js";

/** What the fake place throws. */
export const placeErrors = defineErrors({
  FAKE_PLACE_UNREACHABLE: error<{ problem: string }>({
    status: 503,
    retryable: true,
    message: ({ problem }) => `The fake place does not answer: ${problem}`,
    hint: () => "Look at the case.",
  }),
});

export interface Deed {
  readonly step: string;
  readonly key: string;
  /** Whether it stands. */
  stands: boolean;
}

/** What all instances know: what was done, by whom. */
export interface Place {
  readonly deeds: Deed[];
  state: "answers" | "lossy" | "silent";
}

/** What a step does otherwise than the good one. Called once for each step of each instance. */
export type Deviation = (good: StepDefinition, place: Place) => StepDefinition;

/** What the place is asked with. */
export const secret = "k3xQ-9vLm2-Zt7p";

/** A step of each kind, good ones unless they deviate, and where they do something. */
export function createFixture(deviation: Deviation = (good) => good): StepsFixture {
  const place: Place = { deeds: [], state: "answers" };
  const enter = (state: Place["state"]) => (): void => {
    place.state = state;
  };
  const names = new Map<string, string>();
  const again = (): readonly StepDefinition[] =>
    goodSteps(place).map((good) => {
      const step = deviation(good, place);
      names.set(step.id, good.id);
      return step;
    });
  return {
    steps: again(),
    again,
    trouble: { lossy: enter("lossy"), silent: enter("silent"), over: enter("answers") },
    secrets: [secret],
    witness: { effects: (id) => place.deeds.filter(({ step, stands }) => step === names.get(id) && stands).length },
    dispose: () => undefined,
  };
}

/** Two steps that promise little, of a place to which nothing happens: one can be neither observed nor taken back, one does not know whether it was done. */
export function bare(): StepsFixture {
  const { trouble: _, ...fixture } = createFixture();
  const again = (): readonly StepDefinition[] =>
    fixture.steps.flatMap((step): readonly StepDefinition[] => {
      const { id, stage, run } = step;
      if (step.idempotency === "natural") return [{ id, stage, run, idempotency: "natural", reversibility: "leave" }];
      if (step.idempotency === "keyed") return [{ ...step, observe: async () => ({ status: "indeterminate", reason: "it is not kept" }) }];
      return [];
    });
  return { ...fixture, steps: again(), again };
}

/** Does something at the place, as far as it lets it. */
async function act<Result>(place: Place, { signal }: Pick<StepCall, "signal">, deed: () => Result): Promise<Result> {
  signal.throwIfAborted();
  if (place.state === "silent") await abortOf(signal);
  const result = deed();
  if (place.state === "lossy") throw fail(placeErrors, "FAKE_PLACE_UNREACHABLE", { problem: "its answer was lost." });
  return result;
}

/** Does a step again, whatever was done before. */
export function doAgain(place: Place, step: string, key: string): void {
  place.deeds.push({ step, key, stands: true });
}

async function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => {
      reject(new Error("aborted"));
    });
  });
}

function goodSteps(place: Place): readonly StepDefinition[] {
  const natural = goodStep(place, "raise-flag", () => true);
  const keyed = goodStep(place, "announce", ({ key }, call) => key === call.idempotencyKey);
  return [
    { ...natural, idempotency: "natural" },
    { ...keyed, idempotency: "keyed", input: { to: "everybody", lines: ["one"] }, timeout: "5s", settle: "0s", attempts: 2 },
    { ...goodStep(place, "charge", ({ key }, call) => key === call.idempotencyKey), idempotency: "none", version: 2 },
  ];
}

function goodStep(place: Place, id: string, isSame: (deed: Deed, call: { readonly idempotencyKey: string }) => boolean) {
  const deedOf = (call: { readonly idempotencyKey: string }) => place.deeds.findLast((deed) => deed.step === id && isSame(deed, call));
  const step = {
    id,
    stage: "finalize",
    reversibility: "undo",
    run: (_: unknown, call: StepCall) =>
      act(place, call, () => {
        if (deedOf(call)?.stands !== true) doAgain(place, id, call.idempotencyKey);
        return { done: id };
      }),
    observe: (_: unknown, call: Pick<StepCall, "signal" | "idempotencyKey">) =>
      act(place, call, () => {
        const deed = deedOf(call);
        if (deed === undefined) return { status: "absent" } as const;
        return deed.stands ? ({ status: "applied", output: { done: id } } as const) : ({ status: "undone" } as const);
      }),
    undo: (_: unknown, call: StepCall) =>
      act(place, call, () => {
        const deed = deedOf(call);
        if (deed !== undefined) deed.stands = false;
      }),
  } as const;
  return step;
}
