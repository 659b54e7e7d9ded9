import type { CheckResult } from "@fairlead/core";
import type { ChecksCase } from "../../src/conformance/checks-suite.js";
import { answering, secret, type Deviation } from "./fake-subject.js";

/** Checks that differ from the good ones in one behaviour, and the cases that must notice. */
interface Deviating {
  readonly deviation: Deviation;
  readonly fails: readonly ChecksCase[];
}

/** Says something else than the good one. */
function saying(change: (result: CheckResult) => CheckResult): Deviation {
  return (good) => answering(good, async (ask) => change(await ask()));
}

/** What every case that asks about troubles notices. */
const troubled = [
  "what is down is said to be down, with a reason, and not thrown",
  "the same trouble has the same reason, whoever asks",
  "what is well again is up again",
  "a reason is a code, and an answer is JSON",
] as const;

export const deviations: Readonly<Record<string, Deviating>> = {
  "has one name for all": {
    deviation: (good) => ({ ...good, name: "fake" }),
    fails: ["every check has a name of its own, in kebab-case"],
  },
  "has a name for people": {
    deviation: (good) => ({ ...good, name: `The ${good.name}` }),
    fails: ["every check has a name of its own, in kebab-case"],
  },
  "is more patient in another process": {
    deviation: (() => {
      let made = 0;
      return (good) => ({ ...good, interval: `${String((made += 1))}s` }) as typeof good;
    })(),
    fails: ["another process has the same checks"],
  },
  "may be asked for no time": {
    deviation: (good) => ({ ...good, interval: "0s" }),
    fails: ["the times of a check are durations"],
  },
  "calls degraded what is well": {
    deviation: saying((result) => (result.status === "up" ? { status: "degraded" } : result)),
    fails: [
      "what is well is up",
      "what is well again is up again",
      "questions that are asked at once are all answered",
      "an abort ends a question that is not answered",
    ],
  },
  "calls up what is down": {
    deviation: saying(() => ({ status: "up" })),
    fails: ["what is down is said to be down, with a reason, and not thrown", "a release is up only where it answers itself"],
  },
  "gives no reason": {
    deviation: saying(({ reason: _, ...result }) => result),
    fails: ["what is down is said to be down, with a reason, and not thrown"],
  },
  "throws what is down": {
    deviation: saying((result) => {
      if (result.status === "down" && result.reason !== "other_release") throw new Error(result.message);
      return result;
    }),
    fails: troubled,
  },
  "answers too late what is down": {
    deviation: saying((result) => (result.reason === "refused" ? (new Promise(() => undefined) as never) : result)),
    fails: [...troubled, "nothing that it says holds a secret"],
  },
  "counts in its reason": {
    deviation: (good) => {
      let count = 0;
      return answering(good, async (ask) => {
        const { reason, ...result } = await ask();
        return reason === undefined ? result : { ...result, reason: `${reason}_${String((count += 1))}` };
      });
    },
    fails: ["the same trouble has the same reason, whoever asks"],
  },
  "stays down for ever": {
    deviation: (good) => {
      let down: CheckResult | undefined;
      return answering(good, async (ask) => {
        const result = await ask();
        if (result.status === "down" && result.reason !== "other_release") down ??= result;
        return down ?? result;
      });
    },
    fails: ["what is well again is up again"],
  },
  "answers one question at a time": {
    deviation: (good, place) => answering(good, async (ask) => (place.asked > 0 ? { status: "down", reason: "busy" } : ask())),
    fails: ["questions that are asked at once are all answered"],
  },
  "gives sentences for reasons": {
    deviation: saying((result) => (result.status === "down" ? { ...result, reason: "It is down." } : result)),
    fails: ["a reason is a code, and an answer is JSON"],
  },
  "answers with more than JSON": {
    deviation: saying((result) => ({ ...result, data: JSON.parse("{}", () => ({ at: new Date(0) })) as NonNullable<CheckResult["data"]> })),
    fails: ["a reason is a code, and an answer is JSON"],
  },
  "believes whoever answers": {
    deviation: saying((result) => (result.reason === "other_release" ? { status: "up" } : result)),
    fails: ["a release is up only where it answers itself"],
  },
  "hangs when it is aborted": {
    deviation: (good) =>
      answering(good, (ask, { signal }) =>
        ask().catch((error: unknown) => {
          if (!signal.aborted) throw error;
          return new Promise<never>(() => undefined);
        }),
      ),
    fails: ["a question that was aborted before it began ends soon", "an abort ends a question that is not answered"],
  },
  "never asks again once it was aborted": {
    deviation: (good) => {
      let given = false;
      return answering(good, async (ask, { signal }) => {
        signal.addEventListener("abort", () => (given = true));
        return given ? { status: "down", reason: "given_up" } : ask();
      });
    },
    fails: ["an abort ends a question that is not answered"],
  },
  "says what it asks with": {
    deviation: saying((result) => (result.status === "down" ? { ...result, message: `token=${encodeURIComponent(secret)}` } : result)),
    fails: ["nothing that it says holds a secret"],
  },
  "logs what it asks with": {
    deviation: (good) =>
      answering(good, async (ask, { log }) => {
        log.info("asks", { header: `Bearer ${secret}` });
        return ask();
      }),
    fails: ["nothing that it says holds a secret"],
  },
};
