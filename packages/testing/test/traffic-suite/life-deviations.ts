import { fail } from "@fairlead/core";
import { fakeErrors } from "../../src/fakes/fake-errors.js";
import type { Deviating } from "./deviations.js";
import { credential } from "./fake-subject.js";

export const lifeDeviations: Readonly<Record<string, Deviating>> = {
  "goes on sending requests to a candidate that is drained": {
    deviation: () => ({ drain: async () => ({ inFlight: 0 }) }),
    fails: [
      "a call that was aborted before it began does nothing",
      "a candidate that is drained gets no new request",
      "a provider that cannot be asked rejects so that it is asked again, and says no shares",
      "requests in flight are answered by the candidate that is drained",
    ],
  },
  "always has something in flight": {
    deviation: (good) => ({
      async drain(input, call) {
        const { inFlight } = await good.drain(input, call);
        return { inFlight: inFlight + 1 };
      },
    }),
    fails: ["a candidate that is drained gets no new request", "requests in flight are answered by the candidate that is drained"],
  },
  "does not look at what is in flight": {
    abilities: { drain: false },
    deviation: (good) => ({
      async drain(input, call) {
        await good.drain(input, call);
        return { inFlight: 0 };
      },
    }),
    fails: ["requests in flight are answered by the candidate that is drained"],
  },
  "cuts off what is in flight": {
    deviation: (good, shared) => ({
      async drain(input, call) {
        shared.cut();
        return good.drain(input, call);
      },
    }),
    fails: ["requests in flight are answered by the candidate that is drained"],
  },
  "says another thing about itself once it is used": {
    deviation: (good) => {
      let isUsed = false;
      return {
        describe: () => ({ ...good.describe(), metrics: isUsed }),
        async open(input, call) {
          await good.open(input, call);
          isUsed = true;
        },
      };
    },
    fails: ["it counts if it says so, and else it does not", "it says all that it can do, and the same each time"],
  },
  "does not say whether it counts": {
    deviation: (good) => ({
      describe: () => {
        const { metrics: _, ...abilities } = good.describe();
        return abilities as ReturnType<typeof good.describe>;
      },
    }),
    fails: ["it counts if it says so, and else it does not", "it says all that it can do, and the same each time"],
  },
  "does not look at the signal": {
    deviation: (good) => {
      const deaf = <Call extends { readonly signal: AbortSignal }>(call: Call): Call => ({ ...call, signal: new AbortController().signal });
      return {
        open: (input, call) => good.open(input, deaf(call)),
        setWeights: (input, call) => good.setWeights(input, deaf(call)),
        getWeights: (input, call) => good.getWeights(input, deaf(call)),
        drain: (input, call) => good.drain(input, deaf(call)),
        close: (input, call) => good.close(input, deaf(call)),
      };
    },
    fails: ["a call that was aborted before it began does nothing", "an abort ends a call to a provider that does not answer"],
  },
  "says no shares where it cannot ask": {
    deviation: (good) => ({
      getWeights: (input, call) =>
        good.getWeights(input, call).catch((error: unknown) => {
          if (call.signal.aborted) throw error;
          return {};
        }),
    }),
    fails: ["a provider that cannot be asked rejects so that it is asked again, and says no shares"],
  },
  "gives up for good where it cannot ask": {
    deviation: (good) => ({
      close: (input, call) =>
        good.close(input, call).catch((error: unknown) => {
          if (call.signal.aborted) throw error;
          throw fail(fakeErrors, "FAKE_SHARES_REFUSED", { problem: "nobody answers" });
        }),
    }),
    fails: ["a provider that cannot be asked rejects so that it is asked again, and says no shares"],
  },
  "tells in an error what it asks with": {
    deviation: (good) => ({
      setWeights: (input, call) =>
        good.setWeights(input, call).catch((error: unknown) => {
          if (call.signal.aborted) throw error;
          throw fail(fakeErrors, "FAKE_SHARES_REFUSED", { problem: `refused for ${credential}` });
        }),
    }),
    fails: [
      "a provider that cannot be asked rejects so that it is asked again, and says no shares",
      "nothing that it says holds what the provider is asked with",
    ],
  },
  "logs what it asks with": {
    deviation: (good) => ({
      async open(input, call) {
        call.log.info("asking", { authorization: `Bearer ${credential}` });
        await good.open(input, call);
      },
    }),
    fails: ["nothing that it says holds what the provider is asked with"],
  },
};
