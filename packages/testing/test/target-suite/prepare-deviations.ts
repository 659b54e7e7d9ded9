import { fail } from "@fairlead/core";
import { fakeErrors } from "../../src/fakes/fake-target.js";
import type { Deviating } from "./deviations.js";

let minted = 0;
const fresh = (key: string): string => `${key}/${String((minted += 1))}`;

export const prepareDeviations: Readonly<Record<string, Deviating>> = {
  "makes another candidate at every call": {
    deviation: (good) => ({ prepare: (input, call) => good.prepare({ ...input, key: fresh(input.key) }, call) }),
    fails: [
      "a candidate is found by its key",
      "a candidate is found by its key also when it serves",
      "a candidate is found by its key from another process",
      "an abort ends a call soon, and the same key can be prepared again",
      "the same key is the same candidate",
      "the same key is the same candidate for another process",
      "the same key is the same candidate for many at once",
      "the same key is the same candidate for two processes at once",
      "while a candidate is being made, nothing says that it failed or is gone",
    ],
  },
  "knows the key of a candidate only in its own memory": {
    deviation: (good) => {
      const own = new Map<string, string>();
      const keyOf = (key: string): string => {
        const known = own.get(key) ?? fresh(key);
        own.set(key, known);
        return known;
      };
      return {
        prepare: (input, call) => good.prepare({ ...input, key: keyOf(input.key) }, call),
        observe: (input, call) => good.observe({ ...input, key: own.get(input.key) ?? input.key }, call),
      };
    },
    fails: [
      "a candidate is found by its key from another process",
      "an abort ends a call soon, and the same key can be prepared again",
      "the same key is the same candidate for another process",
      "the same key is the same candidate for two processes at once",
      "while a candidate is being made, nothing says that it failed or is gone",
    ],
  },
  "looks for the key and makes a candidate a moment later": {
    // What is looked for while the first is in the making must not be late, also on a busy machine.
    prepare: "100ms",
    deviation: (good, { keys }) => ({
      async prepare(input, call) {
        if (!keys.has(input.key)) {
          keys.add(input.key);
          return good.prepare(input, call);
        }
        const seen = await good.observe(input, call);
        return seen.status === "applied" ? seen.candidate : good.prepare({ ...input, key: fresh(input.key) }, call);
      },
    }),
    fails: [
      "an abort ends a call soon, and the same key can be prepared again",
      "the same key is the same candidate for many at once",
      "the same key is the same candidate for two processes at once",
    ],
  },
  "takes the candidate of the same content for another key": {
    deviation: (good) => ({ prepare: (input, call) => good.prepare({ ...input, key: input.artifact.digest }, call) }),
    fails: [
      "a candidate is found by its key",
      "a candidate is found by its key also when it serves",
      "a candidate is found by its key from another process",
      "another key is another candidate, also of the same content",
      "while a candidate is being made, nothing says that it failed or is gone",
    ],
  },
  "serves a candidate as soon as it is ready": {
    deviation: (good) => ({
      async prepare(input, call) {
        const candidate = await good.prepare(input, call);
        await good.promote({ ...input, candidate }, call);
        return candidate;
      },
    }),
    fails: [
      "a call that was aborted before it began does nothing",
      "a candidate serves nobody",
      "a candidate that is prepared leaves what serves alone",
      "a candidate that serves nobody is removed, and once is enough",
      "observing changes nothing",
    ],
  },
  "answers a candidate that the journal cannot keep": {
    deviation: (good) => {
      const odd = <Value extends object>(candidate: Value): Value => Object.assign({}, candidate, { data: { made: undefined } });
      return {
        prepare: async (input, call) => odd(await good.prepare(input, call)),
        async observe(input, call) {
          const observation = await good.observe(input, call);
          return observation.status === "applied" ? { ...observation, candidate: odd(observation.candidate) } : observation;
        },
      };
    },
    fails: ["a candidate is JSON, and its URL is one"],
  },
  "says that a broken build may be tried again": {
    deviation: (good) => ({
      prepare: (input, call) =>
        good.prepare(input, call).catch((error: unknown) => {
          call.signal.throwIfAborted();
          throw fail(fakeErrors, "FAKE_TARGET_FAILED", { method: "prepare" }, { cause: error });
        }),
    }),
    fails: ["what can never become ready is refused for good, and serves nobody"],
  },
};
