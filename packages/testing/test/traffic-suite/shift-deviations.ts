import type { TrafficRouter } from "@fairlead/core";
import type { Deviating } from "./deviations.js";

type OpenInput = Parameters<TrafficRouter["open"]>[0];

export const shiftDeviations: Readonly<Record<string, Deviating>> = {
  "says that something serves where nothing does": {
    deviation: (good) => ({
      async getWeights(input, call) {
        const weights = await good.getWeights(input, call);
        return Object.keys(weights).length === 0 ? { nobody: 100 } : weights;
      },
    }),
    fails: ["another environment is left alone", "where nothing serves there are no shares"],
  },
  "remembers what served": {
    deviation: (good) => {
      let known: Awaited<ReturnType<typeof good.getWeights>> | undefined;
      return {
        async getWeights(input, call) {
          const weights = await good.getWeights(input, call);
          if (Object.keys(weights).length !== 1) return weights;
          return (known ??= weights);
        },
      };
    },
    fails: ["without a shift all traffic goes to what the target calls current"],
  },
  "gives the candidate a tenth at once": {
    deviation: (good) => ({
      async open(input, call) {
        const before = await good.getWeights(input, call);
        await good.open(input, call);
        if (Object.keys(before).length === 1 && good.describe().weights === "any")
          await good.setWeights({ ...input, weights: { [input.stable.id]: 90, [input.candidate.id]: 10 } }, call);
      },
    }),
    fails: [
      "a promote during a shift moves nothing until it is closed",
      "a shift that is opened again begins anew",
      "opening a shift leaves all traffic with what serves, and names both",
    ],
  },
  "names only who has a share": {
    deviation: (good) => ({
      async getWeights(input, call) {
        return Object.fromEntries(Object.entries(await good.getWeights(input, call)).filter(([, share]) => share > 0));
      },
    }),
    fails: [
      "a promote during a shift moves nothing until it is closed",
      "a shift between others takes the place of the one that is open",
      "a shift that is opened again begins anew",
      "opening a shift leaves all traffic with what serves, and names both",
      "shares are sent as they are set",
      "shares go back as they came, and to none",
    ],
  },
  "begins a shift again that is open": {
    deviation: (good) => ({
      async open(input, call) {
        await good.close(input, call);
        await good.open(input, call);
      },
    }),
    fails: ["opening the same shift again changes nothing"],
  },
  "refuses to open what is open": {
    deviation: (good) => {
      let opened: string | undefined;
      return {
        async open(input, call) {
          const weights = await good.getWeights(input, call);
          if (opened === input.candidate.id && Object.keys(weights).length > 1) await good.setWeights({ ...input, weights: {} }, call);
          await good.open(input, call);
          opened = input.candidate.id;
        },
      };
    },
    fails: ["opening the same shift again changes nothing"],
  },
  "keeps the shift that is open, whoever asks for another": {
    deviation: (good) => ({
      async open(input, call) {
        const weights = await good.getWeights(input, call);
        if (Object.keys(weights).length < 2) await good.open(input, call);
      },
    }),
    fails: ["a shift between others takes the place of the one that is open"],
  },
  "sends shares only in a shift that it opened itself": {
    deviation: (good) => {
      let isOwn = false;
      return {
        async open(input, call) {
          await good.open(input, call);
          isOwn = true;
        },
        async setWeights(input, call) {
          await good.setWeights(isOwn ? input : { ...input, weights: {} }, call);
        },
      };
    },
    fails: ["another process goes on with a shift", "shares that are set again are the same shares"],
  },
  "remembers the shares that it set": {
    deviation: (good) => {
      let known: Awaited<ReturnType<typeof good.getWeights>> | undefined;
      const forget = async (work: Promise<void>): Promise<void> => {
        await work;
        known = undefined;
      };
      return {
        open: (input: OpenInput, call) => forget(good.open(input, call)),
        async setWeights(input, call) {
          await good.setWeights(input, call);
          known = input.weights;
        },
        getWeights: async (input, call) => known ?? good.getWeights(input, call),
        close: (input, call) => forget(good.close(input, call)),
      };
    },
    fails: ["a call that was aborted before it began does nothing", "another process goes on with a shift"],
  },
  "does not close": {
    deviation: () => ({ close: async () => undefined }),
    fails: [
      "a call that was aborted before it began does nothing",
      "a promote during a shift moves nothing until it is closed",
      "a provider that cannot be asked rejects so that it is asked again, and says no shares",
      "a shift that is opened again begins anew",
      "another environment is left alone",
      "another process goes on with a shift",
      "closing sends all traffic to what the target calls current, and once is enough",
    ],
  },
  "closes once, and then refuses": {
    deviation: (good) => ({
      async close(input, call) {
        if (Object.keys(await good.getWeights(input, call)).length < 2) await good.setWeights({ ...input, weights: {} }, call);
        await good.close(input, call);
      },
    }),
    fails: ["closing sends all traffic to what the target calls current, and once is enough", "closing without a shift changes nothing"],
  },
  "opens a shift again with the shares that it had": {
    deviation: (good) => {
      const had = new Map<string, number>();
      return {
        async open(input, call) {
          const isOpen = Object.keys(await good.getWeights(input, call)).length > 1;
          await good.open(input, call);
          const share = had.get(input.candidate.id);
          if (!isOpen && share !== undefined)
            await good.setWeights({ ...input, weights: { [input.stable.id]: 100 - share, [input.candidate.id]: share } }, call);
        },
        async setWeights(input, call) {
          await good.setWeights(input, call);
          for (const [id, share] of Object.entries(input.weights)) had.set(id, share);
        },
      };
    },
    fails: ["a shift that is opened again begins anew"],
  },
  "ends a shift when its candidate is promoted": {
    deviation: (good, { provider }) => {
      const end = async (
        input: OpenInput | Parameters<TrafficRouter["getWeights"]>[0],
        call: Parameters<TrafficRouter["close"]>[1],
      ): Promise<void> => {
        const moved = provider.effects.findLastIndex(({ kind, component }) => kind === "traffic.moved" && component === input.component);
        const opened = provider.effects.findLastIndex(({ kind, component }) => kind === "shift.opened" && component === input.component);
        if (moved > opened) await good.close(input, call);
      };
      return {
        async getWeights(input, call) {
          await end(input, { ...call, environment: input.environment, deploymentId: "", idempotencyKey: "" });
          return good.getWeights(input, call);
        },
        async setWeights(input, call) {
          await end(input, call);
          await good.setWeights(input, call);
        },
      };
    },
    fails: ["a promote during a shift moves nothing until it is closed"],
  },
  "closes to what was stable": {
    deviation: (good, shared) => {
      let stable: string | undefined;
      let sticks = false;
      const ask = shared.ask;
      return {
        async open(input, call) {
          await good.open(input, call);
          [stable, sticks] = [input.stable.id, false];
        },
        async close(input, call) {
          const wasOpen = Object.keys(await good.getWeights(input, call)).length > 1;
          await good.close(input, call);
          if (!wasOpen) return;
          sticks = true;
          shared.ask = async (component, session) => (sticks ? stable : ask(component, session));
        },
      };
    },
    fails: ["a promote during a shift moves nothing until it is closed", "another environment is left alone"],
  },
  "knows one shift, whatever the environment": {
    deviation: (good) => ({
      open: (input, call) => good.open({ ...input, environment: "production" }, call),
      setWeights: (input, call) => good.setWeights({ ...input, environment: "production" }, call),
      getWeights: (input, call) => good.getWeights({ ...input, environment: "production" }, call),
      drain: (input, call) => good.drain({ ...input, environment: "production" }, call),
      close: (input, call) => good.close({ ...input, environment: "production" }, call),
    }),
    fails: ["another environment is left alone"],
  },
};
