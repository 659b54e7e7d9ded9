import { fail, type LogLine } from "@fairlead/core";
import { fakeErrors } from "../../src/fakes/fake-errors.js";
import type { Deviating } from "./deviations.js";

const unaborted = { signal: new AbortController().signal };

export const lifeDeviations: Readonly<Record<string, Deviating>> = {
  "runs nothing of this role": {
    deviation: () => ({ roles: [] }),
    fails: ["it can run the role, and says what it is"],
  },
  "retains what serves": {
    deviation: (good) => ({
      async retained(input, call) {
        const serving = await good.current(input, call);
        const others = await good.retained(input, call);
        const { candidate } = serving ?? {};
        return candidate === undefined ? others : [{ candidate, createdAt: "2026-01-01T00:00:00.000Z" }, ...others];
      },
    }),
    fails: ["what is retained can be promoted at once", "what served before is retained, newest first and without what serves"],
  },
  "retains the oldest first": {
    deviation: (good) => ({ retained: async (input, call) => (await good.retained(input, call)).toReversed() }),
    fails: ["what served before is retained, newest first and without what serves"],
  },
  "retains what it cannot promote again": {
    deviation: (good) => ({
      async promote(input, call) {
        const retained = await good.retained(input, call);
        if (input.previous === undefined && retained.some(({ candidate }) => candidate.id === input.candidate.id))
          throw fail(fakeErrors, "FAKE_CANDIDATE_GONE", { candidate: input.candidate.id });
        await good.promote(input, call);
      },
    }),
    fails: ["what is retained can be promoted at once"],
  },
  "removes nothing": {
    deviation: () => ({
      async discard(_, { signal }) {
        signal.throwIfAborted();
      },
    }),
    fails: ["a candidate that serves nobody is removed, and once is enough", "what serves is not removed"],
  },
  "says nothing about what it does not remove": {
    deviation: (good) => ({
      async discard(input, call) {
        await good.discard(input, call).catch(() => {
          call.signal.throwIfAborted();
        });
      },
    }),
    fails: ["what serves is not removed"],
  },
  "finds fault with removing what is gone": {
    deviation: (good) => {
      const gone = new Set<string>();
      return {
        async discard(input, call) {
          if (gone.has(input.candidate.id)) throw fail(fakeErrors, "FAKE_CANDIDATE_GONE", { candidate: input.candidate.id });
          await good.discard(input, call);
          gone.add(input.candidate.id);
        },
      };
    },
    fails: ["a candidate that serves nobody is removed, and once is enough"],
  },
  "finds fault with removing what never was": {
    deviation: (good) => {
      const known = new Set<string>();
      return {
        async prepare(input, call) {
          const candidate = await good.prepare(input, call);
          known.add(candidate.id);
          return candidate;
        },
        async discard(input, call) {
          if (!known.has(input.candidate.id)) throw fail(fakeErrors, "FAKE_CANDIDATE_GONE", { candidate: input.candidate.id });
          await good.discard(input, call);
        },
      };
    },
    fails: ["removing what never existed is fine, and removes nothing"],
  },
  "tells its logs for ever": {
    deviation: (good) => ({
      async *logs(input, call) {
        yield* good.logs(input, call);
        await new Promise<never>(() => undefined);
      },
    }),
    fails: ["logs are in their order, begin where they are asked to, and end"],
  },
  "tells its logs backwards": {
    deviation: (good) => ({
      async *logs(input, call) {
        const lines: LogLine[] = [];
        for await (const line of good.logs(input, call)) lines.unshift(line);
        yield* lines.map((line, index) => ({ ...line, at: new Date(Date.UTC(2026, 0, 9 - index)).toISOString() }));
      },
    }),
    fails: ["logs are in their order, begin where they are asked to, and end"],
  },
  "tells all its logs, whatever it is asked": {
    deviation: (good) => ({ logs: ({ since: _, ...input }, call) => good.logs(input, call) }),
    fails: ["logs are in their order, begin where they are asked to, and end"],
  },
  "goes on after an abort": {
    deviation: (good) => ({
      prepare: (input, call) => good.prepare(input, { ...call, ...unaborted }),
      promote: (input, call) => good.promote(input, { ...call, ...unaborted }),
      discard: (input, call) => good.discard(input, { ...call, ...unaborted }),
    }),
    fails: ["a call that was aborted before it began does nothing"],
  },
  "hangs after an abort": {
    deviation: (good) => ({
      async prepare(input, call) {
        call.signal.throwIfAborted();
        const candidate = await good.prepare(input, { ...call, ...unaborted });
        return call.signal.aborted ? new Promise<never>(() => undefined) : candidate;
      },
    }),
    fails: ["an abort ends a call soon, and the same key can be prepared again"],
  },
};
