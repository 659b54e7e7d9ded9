import { fail, type Json, type StepCall, type StepDefinition, type StepObservation } from "@fairlead/core";
import type { Deviating } from "./deviations.js";
import { doAgain, placeErrors, secret, type Deviation, type Place } from "./fake-subject.js";

type Run = (call?: Partial<StepCall>) => Promise<Json | undefined>;
type Ask = (call?: { readonly idempotencyKey?: string }) => Promise<StepObservation>;

/** Does it in another way than the good one. */
function running(
  change: (run: Run, call: StepCall, about: { readonly good: StepDefinition; readonly place: Place }) => Promise<Json | undefined>,
): Deviation {
  return (good, place) => ({
    ...good,
    run: (input, call) => change((changed = {}) => good.run(input, { ...call, ...changed }), call, { good, place }),
  });
}

/** Tells of it in another way than the good one. */
function observing(
  change: (ask: Ask, about: { readonly good: StepDefinition; readonly place: Place; readonly key: string }) => Promise<StepObservation>,
): Deviation {
  return (good, place) => ({
    ...good,
    observe: (input, call) =>
      change(async (changed = {}) => (await good.observe?.(input, { ...call, ...changed })) ?? { status: "absent" }, {
        good,
        place,
        key: call.idempotencyKey,
      }),
  });
}

const unaborted = new AbortController().signal;

export const runDeviations: Readonly<Record<string, Deviating>> = {
  "does nothing": {
    deviation: (good) => ({ ...good, run: async (_, { signal }) => (signal.throwIfAborted(), { done: good.id }) }),
    fails: [
      "a step that is run has its effect once",
      "a keyed or natural step that is run again with its key has its effect once, from another process too",
      "a natural step has its effect once, whatever the key",
      "what was run is applied, and its output is known, whoever asks",
      "observing changes nothing",
      "what was done although its answer was lost is not done again",
      "an abort ends a step that is not answered, and it has no effect later",
      "what was taken back can be done by the next deployment",
      "an undo that was aborted before it began does nothing",
    ],
  },
  "answers with more than JSON": {
    deviation: running(async (run) => {
      await run();
      return JSON.parse("{}", () => new Date(0)) as Json;
    }),
    fails: ["its output is JSON", "what was run is applied, and its output is known, whoever asks"],
  },
  "never knows whether it was done": {
    deviation: observing(async () => ({ status: "indeterminate", reason: "it is not kept" })),
    // Only of the step that must not be done twice.
    fails: [
      "what was never run is absent",
      "what was run is applied, and its output is known, whoever asks",
      "what was done although its answer was lost is not done again",
      "what is taken back is gone, and is said to be",
    ],
  },
  "makes up a key of its own": {
    deviation: (good, place) => {
      const random = running((run) => run({ idempotencyKey: crypto.randomUUID() }));
      return good.idempotency === "keyed" ? random(good, place) : good;
    },
    fails: [
      "a keyed or natural step that is run again with its key has its effect once, from another process too",
      "what was run is applied, and its output is known, whoever asks",
      "what was done although its answer was lost is not done again",
      "what is taken back is gone, and is said to be",
      "taking back twice is taking back once, from another process too",
      "what is taken back without knowing its output is gone",
      "what was taken back can be done by the next deployment",
    ],
  },
  "is natural only for its key": {
    deviation: running(async (run, call, { good, place }) => {
      const output = await run();
      const isKnown = place.deeds.some(({ step, key }) => step === good.id && key === call.idempotencyKey);
      if (!isKnown) doAgain(place, good.id, call.idempotencyKey);
      return output;
    }),
    fails: ["a natural step has its effect once, whatever the key"],
  },
  "calls applied what never was": {
    deviation: observing(async (ask) => {
      const observation = await ask();
      return observation.status === "absent" ? { status: "applied" } : observation;
    }),
    fails: ["what was never run is absent"],
  },
  "calls absent what was run": {
    deviation: observing(async () => ({ status: "absent" })),
    fails: [
      "what was run is applied, and its output is known, whoever asks",
      "what was done although its answer was lost is not done again",
    ],
  },
  "knows another output": {
    deviation: observing(async (ask) => {
      const observation = await ask();
      return observation.status === "applied" ? { status: "applied", output: "another" } : observation;
    }),
    fails: ["what was run is applied, and its output is known, whoever asks"],
  },
  "does what it is asked about": {
    deviation: observing(async (ask, { good, place, key }) => {
      const observation = await ask();
      if (observation.status === "absent") doAgain(place, good.id, key);
      return observation;
    }),
    fails: ["observing changes nothing"],
  },
  "says that it knows what it does not": {
    deviation: running((run, { signal }) =>
      run().catch((error: unknown) => {
        if (signal.aborted) throw error;
        return null;
      }),
    ),
    fails: ["what was done although its answer was lost is not done again"],
  },
  "does what was aborted": {
    deviation: running(async (run, { signal }) => {
      if (!signal.aborted) return run();
      await run({ signal: unaborted });
      throw fail(placeErrors, "FAKE_PLACE_UNREACHABLE", { problem: "it was aborted." });
    }),
    fails: ["a step that was aborted before it began does nothing"],
  },
  "hangs after an abort": {
    deviation: running(async (run, { signal }) => {
      signal.throwIfAborted();
      return run().catch((error: unknown) => {
        if (signal.aborted) return new Promise<never>(() => undefined);
        throw error;
      });
    }),
    fails: ["an abort ends a step that is not answered, and it has no effect later"],
  },
  "has its effect after an abort": {
    deviation: running(async (run, call, { good, place }) => {
      call.signal.throwIfAborted();
      return run().catch((error: unknown) => {
        if (call.signal.aborted) doAgain(place, good.id, call.idempotencyKey);
        throw error;
      });
    }),
    fails: ["an abort ends a step that is not answered, and it has no effect later"],
  },
  "says in its errors what it asks with": {
    deviation: running((run) =>
      run().catch(() => {
        throw fail(placeErrors, "FAKE_PLACE_UNREACHABLE", { problem: `token=${secret}` });
      }),
    ),
    fails: ["nothing that it says holds a secret"],
  },
  "logs what it asks with": {
    deviation: running((run, { log }) => {
      log.info("asks", { with: Buffer.from(secret).toString("hex") });
      return run();
    }),
    fails: ["nothing that it says holds a secret"],
  },
};
