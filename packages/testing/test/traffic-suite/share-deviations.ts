import type { Deviating } from "./deviations.js";

const staged = { weights: "staged" } as const;

export const shareDeviations: Readonly<Record<string, Deviating>> = {
  "sends no shares, and says that it does": {
    deviation: (good) => {
      let said: Awaited<ReturnType<typeof good.getWeights>> | undefined;
      return {
        async setWeights(input, call) {
          const before = await good.getWeights(input, call);
          await good.setWeights(input, call);
          said = input.weights;
          await good.setWeights({ ...input, weights: before }, call);
        },
        async getWeights(input, call) {
          const weights = await good.getWeights(input, call);
          return Object.keys(weights).length > 1 && said !== undefined ? said : weights;
        },
      };
    },
    fails: [
      "what a candidate fails is counted as its error",
      "a call that was aborted before it began does nothing",
      "a promote during a shift moves nothing until it is closed",
      "a session stays with its side while its share grows, and leaves it with the last of it",
      "a shift between others takes the place of the one that is open",
      "a shift that is opened again begins anew",
      "another environment is left alone",
      "another process goes on with a shift",
      "candidates that no shift is open for are refused for good",
      "opening the same shift again changes nothing",
      "requests in flight are answered by the candidate that is drained",
      "shares are sent as they are set",
      "shares go back as they came, and to none",
      "shares that are set again are the same shares",
      "shares that do not sum to 100 are refused for good",
    ],
  },
  "sends half of the share": {
    deviation: (good, shared) => {
      const ask = shared.ask;
      let turn = 0;
      let stable: string | undefined;
      shared.ask = async (component, session) => {
        const answered = await ask(component, session);
        turn += 1;
        return stable !== undefined && session === undefined && turn % 2 === 0 ? stable : answered;
      };
      return {
        async open(input, call) {
          await good.open(input, call);
          stable = input.stable.id;
        },
        async close(input, call) {
          await good.close(input, call);
          stable = undefined;
        },
      };
    },
    fails: [
      "each request is counted of the candidate that it was sent to",
      "another environment is left alone",
      "another process goes on with a shift",
      "shares are sent as they are set",
      "shares go back as they came, and to none",
    ],
  },
  "only lets shares grow": {
    deviation: (good) => ({
      async setWeights(input, call) {
        const before = await good.getWeights(input, call);
        await good.setWeights(input, call);
        const grows = Object.entries(input.weights).every(([id, share], index) => index === 0 || share >= (before[id] ?? 0));
        if (!grows) await good.setWeights({ ...input, weights: before }, call);
      },
    }),
    fails: [
      "a session stays with its side while its share grows, and leaves it with the last of it",
      "shares go back as they came, and to none",
    ],
  },
  "keeps a hundredth for a candidate without a share": {
    deviation: (good, shared) => {
      const ask = shared.ask;
      let turn = 0;
      let candidate: string | undefined;
      shared.ask = async (component, session) => {
        turn += 1;
        return candidate !== undefined && session === undefined && turn % 50 === 49 ? candidate : ask(component, session);
      };
      return {
        async open(input, call) {
          await good.open(input, call);
          candidate = input.candidate.id;
        },
        async close(input, call) {
          await good.close(input, call);
          candidate = undefined;
        },
      };
    },
    fails: [
      "each request is counted of the candidate that it was sent to",
      "a candidate that is drained gets no new request",
      "a promote during a shift moves nothing until it is closed",
      "a shift between others takes the place of the one that is open",
      "a shift that is opened again begins anew",
      "another environment is left alone",
      "opening a shift leaves all traffic with what serves, and names both",
      "requests in flight are answered by the candidate that is drained",
      "shares go back as they came, and to none",
    ],
  },
  "adds a share to the one there is": {
    deviation: (good) => ({
      async setWeights(input, call) {
        const before = await good.getWeights(input, call);
        await good.setWeights(input, call);
        const [stable, candidate] = Object.keys(input.weights);
        if (stable === undefined || candidate === undefined || before[candidate] !== input.weights[candidate] || before[candidate] === 0)
          return;
        const share = Math.min(100, (before[candidate] ?? 0) * 2);
        await good.setWeights({ ...input, weights: { [stable]: 100 - share, [candidate]: share } }, call);
      },
    }),
    fails: ["shares that are set again are the same shares"],
  },
  "takes shares where no shift is open for nothing": {
    deviation: (good) => ({
      async setWeights(input, call) {
        if (Object.keys(await good.getWeights(input, call)).length > 1) await good.setWeights(input, call);
      },
    }),
    fails: ["a shift that is opened again begins anew", "shares without a shift are refused for good"],
  },
  "makes a hundred of what it is given": {
    deviation: (good) => ({
      async setWeights(input, call) {
        const [[stable, rest] = ["", 0], [candidate, share] = ["", 0]] = Object.entries(input.weights);
        const sum = rest + share;
        await good.setWeights({ ...input, weights: { [stable]: (100 * rest) / sum, [candidate]: (100 * share) / sum } }, call);
      },
    }),
    fails: ["shares that do not sum to 100 are refused for good"],
  },
  "takes shares for anybody": {
    deviation: (good) => ({
      async setWeights(input, call) {
        const before = Object.keys(await good.getWeights(input, call));
        if (before.length > 1 && !Object.keys(input.weights).every((id) => before.includes(id))) return;
        await good.setWeights(input, call);
      },
    }),
    fails: ["a shift between others takes the place of the one that is open", "candidates that no shift is open for are refused for good"],
  },
  "takes a share that was not announced for the next one": {
    abilities: staged,
    deviation: (good) => ({
      async setWeights(input, call) {
        const ids = Object.keys(input.weights);
        const weights = input.weights[ids[1] ?? ""] === 33 ? { [ids[0] ?? ""]: 30, [ids[1] ?? ""]: 70 } : input.weights;
        await good.setWeights({ ...input, weights }, call);
      },
    }),
    fails: ["shares that it cannot send are refused for good"],
  },
  "asks for another try where it will never do": {
    deviation: (good, { provider }) => ({
      setWeights: (input, call) =>
        good.setWeights(input, call).catch((error: unknown) => {
          if (!(error instanceof Error) || !error.message.includes("such shares")) throw error;
          provider.fault({ method: "setWeights", kind: "reject" });
          return good.setWeights(input, call);
        }),
    }),
    fails: [
      "a shift between others takes the place of the one that is open",
      "a shift that is opened again begins anew",
      "candidates that no shift is open for are refused for good",
      "shares that do not sum to 100 are refused for good",
      "shares without a shift are refused for good",
    ],
  },
  "sends a user anywhere": {
    deviation: (_good, shared) => {
      const ask = shared.ask;
      shared.ask = (component) => ask(component, undefined);
      return {};
    },
    fails: ["a session stays with its side while its share grows, and leaves it with the last of it"],
  },
  "keeps a user at a candidate without a share": {
    deviation: (_good, shared) => {
      const ask = shared.ask;
      const sides = new Map<string, string | undefined>();
      shared.ask = async (component, session) => {
        if (session === undefined) return ask(component, session);
        if (!sides.has(session)) sides.set(session, await ask(component, session));
        return sides.get(session);
      };
      return {};
    },
    fails: ["a session stays with its side while its share grows, and leaves it with the last of it"],
  },
  "loses requests while it changes shares": {
    deviation: (good, shared) => {
      const ask = shared.ask;
      let isChanging = false;
      shared.ask = async (component, session) => (isChanging ? undefined : ask(component, session));
      return {
        async setWeights(input, call) {
          isChanging = true;
          await new Promise((resolve) => setTimeout(resolve, 2));
          await good.setWeights(input, call).finally(() => {
            isChanging = false;
          });
        },
      };
    },
    fails: ["no request is lost while shares change"],
  },
};
