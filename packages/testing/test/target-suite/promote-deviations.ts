import { fail } from "@fairlead/core";
import { fakeErrors } from "../../src/fakes/fake-errors.js";
import type { Deviating } from "./deviations.js";

export const promoteDeviations: Readonly<Record<string, Deviating>> = {
  "promotes nothing": {
    deviation: () => ({ promote: async () => undefined }),
    fails: [
      "another component is left alone",
      "another environment is left alone",
      "a call that was aborted before it began does nothing",
      "a candidate that is prepared leaves what serves alone",
      "a candidate that serves nobody is removed, and once is enough",
      "an abort ends a call soon, and the same key can be prepared again",
      "another process promotes what the journal kept",
      "promote goes back to what served before, and forward again",
      "promote makes a candidate serve",
      "promote needs no word of what served before",
      "promote replaces what served",
      "promoting what serves changes nothing",
      "removing what never existed is fine, and removes nothing",
      "two promotes of one candidate at once end in it",
      "what does not exist is not promoted, and what serves goes on",
      "what is retained can be promoted at once",
      "what served before is retained, newest first and without what serves",
      "what serves is not removed",
      "what serves is said as it was prepared",
      "what serves now is read live",
    ],
  },
  "leaves what served before among what serves": {
    deviation: (good, shared) => ({
      async promote(input, call) {
        const before = await good.current(input, call);
        await good.promote(input, call);
        if (before?.release !== undefined && before.candidate.id !== input.candidate.id) shared.alsoServing.push(before.release);
      },
    }),
    fails: [
      "another component is left alone",
      "another environment is left alone",
      "another process promotes what the journal kept",
      "promote goes back to what served before, and forward again",
      "promote needs no word of what served before",
      "promote replaces what served",
      "two promotes of one candidate at once end in it",
      "what is retained can be promoted at once",
      "what serves now is read live",
    ],
  },
  "replaces only what it is told of": {
    deviation: (good) => ({
      async promote(input, call) {
        const before = await good.current(input, call);
        if (before === undefined || input.previous?.id === before.candidate.id) await good.promote(input, call);
      },
    }),
    fails: [
      "another process promotes what the journal kept",
      "promote needs no word of what served before",
      "what does not exist is not promoted, and what serves goes on",
      "what is retained can be promoted at once",
    ],
  },
  "makes what serves already once more": {
    deviation: (good) => ({
      async promote(input, call) {
        const before = await good.current(input, call);
        await good.promote(input, call);
        if (before?.candidate.id !== input.candidate.id) return;
        const artifact = { kind: "directory", digest: "sha256:again", files: 1 } as const;
        const release = {
          id: before.release ?? "",
          application: input.application,
          createdAt: "2026-01-01T00:00:00.000Z",
          provenance: {},
          artifacts: {},
          migrations: [],
          contentDigest: artifact.digest,
        };
        await good.prepare({ ...input, key: call.idempotencyKey, artifact, release, variables: {} }, call);
      },
    }),
    fails: ["promoting what serves changes nothing"],
  },
  "never goes back": {
    deviation: (good, { promoted }) => ({
      async promote(input, call) {
        if (promoted.includes(input.candidate.id)) return;
        await good.promote(input, call);
        promoted.push(input.candidate.id);
      },
    }),
    fails: ["promote goes back to what served before, and forward again", "what is retained can be promoted at once"],
  },
  "promotes only what it prepared itself": {
    deviation: (good) => {
      const own = new Set<string>();
      return {
        async prepare(input, call) {
          const candidate = await good.prepare(input, call);
          own.add(candidate.id);
          return candidate;
        },
        async promote(input, call) {
          if (!own.has(input.candidate.id)) throw fail(fakeErrors, "FAKE_CANDIDATE_GONE", { candidate: input.candidate.id });
          await good.promote(input, call);
        },
      };
    },
    fails: [
      "an abort ends a call soon, and the same key can be prepared again",
      "another process promotes what the journal kept",
      "two promotes of one candidate at once end in it",
    ],
  },
  "refuses a promote while another runs": {
    deviation: (good, shared) => ({
      async promote(input, call) {
        if (shared.promoting) throw fail(fakeErrors, "FAKE_TARGET_FAILED", { method: "promote" });
        shared.promoting = true;
        await new Promise((resolve) => setTimeout(resolve, 3));
        await good.promote(input, call).finally(() => {
          shared.promoting = false;
        });
      },
    }),
    fails: ["two promotes of one candidate at once end in it"],
  },
  "says nothing about a candidate that is not there": {
    deviation: (good) => ({
      promote: (input, call) =>
        good.promote(input, call).catch(() => {
          call.signal.throwIfAborted();
        }),
    }),
    fails: ["what does not exist is not promoted, and what serves goes on"],
  },
  "asks once what serves": {
    deviation: (good) => {
      let known: ReturnType<typeof good.current> | undefined;
      return {
        async current(input, call) {
          const first = await (known ??= good.current(input, call));
          if (first === undefined) known = undefined;
          return first;
        },
      };
    },
    fails: [
      "another component is left alone",
      "another environment is left alone",
      "promote goes back to what served before, and forward again",
      "what serves now is read live",
    ],
  },
  "names another release than the one it told": {
    deviation: (good) => ({
      async current(input, call) {
        const serving = await good.current(input, call);
        return serving === undefined ? undefined : { ...serving, release: "rel_other" };
      },
    }),
    fails: ["what serves is said as it was prepared"],
  },
  "is never sure": {
    deviation: (good) => ({
      async current(input, call) {
        const serving = await good.current(input, call);
        return serving === undefined ? undefined : { ...serving, settled: false };
      },
    }),
    fails: [
      "another component is left alone",
      "another environment is left alone",
      "a call that was aborted before it began does nothing",
      "a candidate that is prepared leaves what serves alone",
      "a candidate that serves nobody is removed, and once is enough",
      "an abort ends a call soon, and the same key can be prepared again",
      "another process promotes what the journal kept",
      "promote goes back to what served before, and forward again",
      "promote makes a candidate serve",
      "promote needs no word of what served before",
      "promote replaces what served",
      "promoting what serves changes nothing",
      "removing what never existed is fine, and removes nothing",
      "two promotes of one candidate at once end in it",
      "what does not exist is not promoted, and what serves goes on",
      "what is retained can be promoted at once",
      "what serves is not removed",
      "what serves now is read live",
    ],
  },
};
