import { fail, type ResolvedSecret } from "@fairlead/core";
import type { SecretsCase } from "../../src/conformance/secrets-suite.js";
import { credential, sourceErrors, type Deviation } from "./fake-subject.js";

/** A source that differs from the good one in one behaviour, and the cases that must notice. */
interface Deviating {
  readonly deviation: Deviation;
  readonly fails: readonly SecretsCase[];
}

type Answer = Readonly<Record<string, ResolvedSecret>>;

/** Answers something else than the good one. */
function answering(change: (answer: Answer, names: readonly string[]) => Answer): Deviation {
  return (good) => ({ resolve: async (names, call) => change(await good.resolve(names, call), names) });
}

/** The same secrets, each one changed. */
function changed(answer: Answer, change: (secret: ResolvedSecret) => ResolvedSecret): Answer {
  return Object.fromEntries(Object.entries(answer).map(([name, secret]) => [name, change(secret)]));
}

function unreachable(problem: string): Error {
  return fail(sourceErrors, "FAKE_SOURCE_UNREACHABLE", { problem });
}

export const deviations: Readonly<Record<string, Deviating>> = {
  "trims values": {
    deviation: answering((answer) => changed(answer, ({ value, ...rest }) => ({ ...rest, value: value.trim() }))),
    fails: ["a secret is resolved to its very value"],
  },
  "answers one page": {
    deviation: answering((answer) => Object.fromEntries(Object.entries(answer).slice(0, 50))),
    fails: ["many secrets are resolved in one batch"],
  },
  "rejects what it does not know": {
    deviation: answering((answer, names) => {
      const missing = names.find((name) => !Object.hasOwn(answer, name));
      if (missing !== undefined) throw unreachable(`there is no ${missing}`);
      return answer;
    }),
    fails: [
      "a name that is not known is left out, and the others are answered",
      "where no name is known the answer is empty",
      "names that every object has are not known",
      "a secret of another environment is not known",
      "nothing that it says holds a secret",
    ],
  },
  "calls empty what it does not know": {
    deviation: answering((answer, names) => ({ ...Object.fromEntries(names.map((name) => [name, { value: "" }])), ...answer })),
    fails: [
      "a name that is not known is left out, and the others are answered",
      "where no name is known the answer is empty",
      "names that every object has are not known",
      "a secret of another environment is not known",
    ],
  },
  "answers what every object has": {
    deviation: answering((answer, names) => (names.includes("constructor") ? { ...answer, constructor: { value: "Object" } } : answer)),
    fails: ["names that every object has are not known"],
  },
  "cannot be asked for nothing": {
    deviation: (good) => ({
      async resolve(names, call) {
        if (names.length === 0) throw unreachable("it was asked for nothing");
        return good.resolve(names, call);
      },
    }),
    fails: ["where nothing is asked the answer is empty"],
  },
  "answers all that it has": {
    deviation: (good, { secrets }) => ({
      resolve: (names, call) =>
        good.resolve(
          [...secrets.keys()].flatMap((key) => (key.startsWith(`${call.environment}/`) ? key.slice(call.environment.length + 1) : [])),
          call,
        ),
    }),
    fails: ["where nothing is asked the answer is empty", "nothing is answered that was not asked for"],
  },
  "numbers its versions as numbers": {
    deviation: answering((answer) =>
      changed(answer, ({ value }) => JSON.parse(JSON.stringify({ value, version: value.length })) as ResolvedSecret),
    ),
    fails: ["an answer is texts and nothing else"],
  },
  "keeps a memory of its own": {
    deviation: (good) => {
      const version = crypto.randomUUID();
      return { resolve: async (names, call) => changed(await good.resolve(names, call), ({ value }) => ({ value, version })) };
    },
    fails: ["another process resolves the same"],
  },
  "never changes a version": {
    deviation: answering((answer) => changed(answer, ({ value }) => ({ value, version: "1" }))),
    fails: ["a value that was changed has another version"],
  },
  "knows one environment": {
    deviation: (good) => ({
      resolve: async (names, call) => ({
        ...(await good.resolve(names, { ...call, environment: "staging" })),
        ...(await good.resolve(names, call)),
      }),
    }),
    fails: ["a secret of another environment is not known"],
  },
  "calls everything missing while it cannot be asked": {
    deviation: (good, vault) => ({ resolve: async (names, call) => (vault.state === "unreachable" ? {} : good.resolve(names, call)) }),
    fails: ["a source that cannot be asked rejects, and calls nothing missing"],
  },
  "hangs when it is aborted": {
    deviation: (good) => ({
      resolve: (names, call) =>
        good.resolve(names, call).catch((error: unknown) => {
          if (!call.signal.aborted) throw error;
          return new Promise<never>(() => undefined);
        }),
    }),
    fails: ["a call that was aborted before it began ends soon", "an abort ends a call to a source that does not answer"],
  },
  "says what it is asked with": {
    deviation: (good) => ({
      resolve: (names, call) =>
        good.resolve(names, call).catch(() => {
          throw unreachable(`https://vault.example/?token=${credential}`);
        }),
    }),
    fails: ["nothing that it says holds a secret"],
  },
  "logs what it found": {
    deviation: (good) => ({
      async resolve(names, call) {
        const answer = await good.resolve(names, call);
        call.log.info("resolved", { secrets: Object.values(answer).map(({ value }) => value) });
        return answer;
      },
    }),
    fails: ["nothing that it says holds a secret"],
  },
};
