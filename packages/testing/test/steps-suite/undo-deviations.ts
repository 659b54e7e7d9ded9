import { fail, type StepDefinition } from "@fairlead/core";
import type { Deviating } from "./deviations.js";
import { placeErrors, type Deviation, type Place } from "./fake-subject.js";

type Undo = Extract<StepDefinition, { readonly reversibility: "undo" }>["undo"];
type Call = Parameters<Undo>[1];

/** Takes it back in another way than the good one. */
function undoing(change: (undo: (call?: Partial<Call>) => Promise<void>, call: Call, place: Place) => Promise<void>): Deviation {
  return (good, place) => {
    if (good.reversibility !== "undo") return good;
    return { ...good, undo: (input, call) => change((changed = {}) => good.undo(input, { ...call, ...changed }), call, place) };
  };
}

function refusal(problem: string): Error {
  return fail(placeErrors, "FAKE_PLACE_UNREACHABLE", { problem });
}

const unaborted = new AbortController().signal;

export const undoDeviations: Readonly<Record<string, Deviating>> = {
  "takes nothing back": {
    deviation: undoing(async (_, { signal }) => {
      signal.throwIfAborted();
    }),
    fails: [
      "what is taken back is gone, and is said to be",
      "taking back twice is taking back once, from another process too",
      "what is taken back without knowing its output is gone",
      "what was taken back can be done by the next deployment",
    ],
  },
  "says that what is gone stands": {
    deviation: (good) => ({
      ...good,
      observe: async (input, call) => {
        const observation = (await good.observe?.(input, call)) ?? { status: "absent" };
        return observation.status === "undone" ? { status: "applied" } : observation;
      },
    }),
    fails: ["what is taken back is gone, and is said to be"],
  },
  "finds fault with what is gone": {
    deviation: undoing(async (undo, { idempotencyKey }, { deeds }) => {
      const deed = deeds.findLast(({ key }) => key === idempotencyKey);
      if (deed?.stands === false) throw refusal("it is gone");
      await undo();
    }),
    fails: ["taking back twice is taking back once, from another process too"],
  },
  "needs its output": {
    deviation: undoing(async (undo, { output, signal, idempotencyKey }, { deeds }) => {
      signal.throwIfAborted();
      if (output !== undefined || deeds.every(({ key }) => key !== idempotencyKey)) await undo();
    }),
    fails: ["what is taken back without knowing its output is gone"],
  },
  "finds fault with what never was": {
    deviation: undoing(async (undo, { idempotencyKey }, { deeds }) => {
      if (deeds.every(({ key }) => key !== idempotencyKey)) throw refusal("it never was");
      await undo();
    }),
    fails: ["taking back what was never done does nothing"],
  },
  "remembers for ever what was taken back": {
    deviation: (good, { deeds }) => ({
      ...good,
      run: async (input, call) => {
        if (deeds.some(({ step, stands }) => step === good.id && !stands)) return { done: good.id };
        return good.run(input, call);
      },
    }),
    fails: ["what was taken back can be done by the next deployment"],
  },
  "takes back what was aborted": {
    deviation: undoing(async (undo, { signal }) => {
      await undo({ signal: unaborted });
      signal.throwIfAborted();
    }),
    fails: ["an undo that was aborted before it began does nothing"],
  },
};
