import { type } from "arktype";
import { inspect } from "node:util";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import type { StandardSchema } from "../contract/standard-schema.js";
import { isFairleadError } from "../errors/fairlead-error.js";
import { isSecret } from "../secret/secret.js";
import { createEnv } from "./create-env.js";

/** Everything that an error would show, wherever it is printed. */
function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (!isFairleadError(error, "ENV_INVALID")) throw error;
    return [error.message, error.hint, JSON.stringify(error), inspect(error, { depth: Infinity, showHidden: true })].join("\n");
  }
  throw new Error("Nothing was refused");
}

/** The lines of the message that name variables. */
function lines(act: () => unknown): string[] {
  const [message = ""] = refusal(act).split("\nMend what is listed");
  return message.split("\n").slice(1);
}

describe("what is read", () => {
  const variables = { DATABASE_URL: z.url(), PORT: z.coerce.number().default(3000), REGION: z.string().optional() };

  test("values are what their schemas make of them", () => {
    const env = createEnv(variables, { DATABASE_URL: "postgres://db/shop", PORT: "8080", OTHER: "1" });
    expect({ ...env }).toEqual({ DATABASE_URL: "postgres://db/shop", PORT: 8080, REGION: undefined, release: undefined });
  });

  test("an empty text counts as missing", () => {
    const env = createEnv(variables, { DATABASE_URL: "postgres://db/shop", PORT: "", REGION: "" });
    expect([env.PORT, env.REGION]).toEqual([3000, undefined]);
  });

  test("what is no text goes to its schema as it is", () => {
    expect(createEnv({ LIMITS: z.object({ jobs: z.number() }) }, { LIMITS: { jobs: 3 } }).LIMITS).toEqual({ jobs: 3 });
  });

  test("what every object has is no variable, and what a host's object answers for is one", () => {
    expect(createEnv({ constructor: z.string().optional() }, {}).constructor).toBeUndefined();
    const host = new Proxy({}, { get: (_, name) => (name === "REGION" ? "eu" : undefined) });
    expect(createEnv({ REGION: z.string() }, host).REGION).toBe("eu");
  });

  test("a variable named like the prototype is a variable", () => {
    const named = Object.fromEntries([["__proto__", z.string()]]);
    const env = createEnv(named, Object.fromEntries([["__proto__", "text"]]));
    expect(Object.getPrototypeOf(env)).toBe(Object.prototype);
    expect(Object.getOwnPropertyDescriptor(env, "__proto__")?.value).toBe("text");
  });

  test("it is frozen, and later changes are not seen", () => {
    const from = { REGION: "eu", FAIRLEAD_RELEASE: "rel_1" };
    const env = createEnv({ REGION: z.string() }, from);
    from.REGION = "us";
    expect(env.REGION).toBe("eu");
    expect([Object.isFrozen(env), Object.isFrozen(env.release)]).toEqual([true, true]);
  });

  test("any library's schemas will do", () => {
    const port = v.pipe(v.string(), v.transform(Number), v.number());
    const env = createEnv({ PORT: port, REGION: type("'eu' | 'us'") }, { PORT: "8080", REGION: "us" });
    expect([env.PORT, env.REGION]).toEqual([8080, "us"]);
  });
});

describe("what was deployed", () => {
  test.for([
    ["a deployment", { FAIRLEAD_RELEASE: "rel_1", FAIRLEAD_ENVIRONMENT: "preview/pr-12" }, { id: "rel_1", environment: "preview/pr-12" }],
    ["the release alone", { FAIRLEAD_RELEASE: "rel_1", FAIRLEAD_ENVIRONMENT: "" }, { id: "rel_1", environment: undefined }],
    ["no deployment", { FAIRLEAD_ENVIRONMENT: "production" }, undefined],
    ["an empty release", { FAIRLEAD_RELEASE: "", FAIRLEAD_ENVIRONMENT: "production" }, undefined],
  ] as const)("%s", ([, from, release]) => {
    expect(createEnv({}, from).release).toEqual(release);
  });

  test("its names are reserved", () => {
    const own: Record<string, StandardSchema> = { FAIRLEAD_RELEASE: z.string(), FAIRLEAD_COLOUR: z.string(), release: z.string() };
    expect(lines(() => createEnv(own, { FAIRLEAD_RELEASE: "rel_1" }))).toEqual([
      expect.stringMatching(/1\. FAIRLEAD_RELEASE: is a name of Fairlead's own\. .*`release`/),
      expect.stringContaining("2. FAIRLEAD_COLOUR: "),
      expect.stringContaining("3. release: "),
    ]);
  });
});

describe("secrets", () => {
  const variables = { DATABASE_URL: z.url(), TOKEN: z.string().optional(), REGION: z.string() };
  const from = { DATABASE_URL: "postgres://shop:hunter2@db/shop", REGION: "eu" };

  test("only revealing gives the value away", () => {
    const env = createEnv(variables, from, { secrets: ["DATABASE_URL", "TOKEN"] });
    expect(env.DATABASE_URL.reveal()).toBe(from.DATABASE_URL);
    expect([isSecret(env.DATABASE_URL), env.TOKEN, env.REGION]).toEqual([true, undefined, "eu"]);
    const shown = [
      JSON.stringify(env),
      inspect(env, { depth: Infinity, showHidden: true }),
      env.DATABASE_URL.toString(),
      "".concat(...Object.values(env).map(String)),
    ];
    for (const text of shown) {
      expect(text).toContain("[secret DATABASE_URL]");
      expect(text).not.toContain("hunter2");
    }
  });

  test("a misspelt one is refused: its value would be in the clear", () => {
    const secrets = ["DATABSE_URL"] as unknown as ["DATABASE_URL"];
    expect(lines(() => createEnv(variables, from, { secrets }))).toEqual([expect.stringMatching(/DATABSE_URL: .*no variable/)]);
  });

  test("one that is no text is refused", () => {
    const number: StandardSchema<string, string> = z.coerce.number() as never;
    expect(lines(() => createEnv({ PIN: number }, { PIN: "4711" }, { secrets: ["PIN"] }))).toEqual([expect.stringMatching(/PIN: .*text/)]);
  });
});

describe("what is refused", () => {
  test("every problem in one report, a line each", () => {
    const variables = {
      DATABASE_URL: z.url().describe("where the orders are kept"),
      PORT: z.coerce.number(),
      REGION: z.enum(["eu", "us"]),
      SESSION_KEY: z.string().min(32).startsWith("key_").regex(/^\w+$/),
      WORKERS: z.coerce.number().int().max(8),
    };
    const from = { PORT: "eighty", REGION: "moon", SESSION_KEY: "tiny!", WORKERS: "9", DATABASE_URL: "" };
    expect(lines(() => createEnv(variables, from))).toEqual([
      "  1. DATABASE_URL: is empty, which counts as missing. Set it: where the orders are kept.",
      "  2. PORT: does not fit its schema: expected number. Correct it.",
      '  3. REGION: does not fit its schema: expected "eu" or "us". Correct it.',
      '  4. SESSION_KEY: does not fit its schema: expected at least 32 characters; text that begins with "key_"; text that matches /^\\w+$/. Correct it.',
      "  5. WORKERS: does not fit its schema: expected at most 8. Correct it.",
    ]);
    expect(lines(() => createEnv({ PORT: z.coerce.number() }, {}))).toEqual(["  1. PORT: is missing. Set it."]);
  });

  test("other libraries' expectations are told too", () => {
    const variables = {
      PORT: v.pipe(v.string(), v.transform(Number), v.number()),
      SITE: v.pipe(v.string(), v.url()),
      KEY: v.pipe(v.string(), v.minLength(32)),
      REGION: v.picklist(["eu", "us"]),
      COUNT: type("string.integer.parse"),
      COLOUR: type("'red' | 'blue'"),
      MISSING: type("string"),
    };
    const from = { PORT: "eighty", SITE: "nowhere", KEY: "tiny", REGION: "moon", COUNT: "many", COLOUR: "green" };
    expect(lines(() => createEnv(variables, from))).toEqual([
      "  1. PORT: does not fit its schema: expected number. Correct it.",
      "  2. SITE: does not fit its schema: expected url. Correct it.",
      "  3. KEY: does not fit its schema: expected min length >=32. Correct it.",
      '  4. REGION: does not fit its schema: expected ("eu" | "us"). Correct it.',
      "  5. COUNT: does not fit its schema: expected a morph from a well-formed integer string to an integer. Correct it.",
      '  6. COLOUR: does not fit its schema: expected "blue" or "red". Correct it.',
      "  7. MISSING: is missing. Set it: a string.",
    ]);
  });

  test("what is wrong inside of a value is told from what is wrong with the whole", () => {
    const flags = z.object({ limits: z.record(z.string(), z.number()) });
    expect(lines(() => createEnv({ FLAGS: flags }, { FLAGS: { limits: { jobs: "many" } } }))).toEqual([
      "  1. FLAGS: does not fit its schema: expected number in a part of it. Correct it.",
    ]);
  });

  test("a description of several lines stays one line of the report", () => {
    expect(lines(() => createEnv({ KEY: z.string().describe("the key\n  of a session.\n") }, {}))).toEqual([
      "  1. KEY: is missing. Set it: the key of a session.",
    ]);
  });

  test("a check of the application's own is told by its description", () => {
    const own = z
      .string()
      .refine(() => false, "never shown")
      .describe("a region of ours");
    expect(lines(() => createEnv({ REGION: own }, { REGION: "moon" }))).toEqual([
      "  1. REGION: does not fit its schema: expected a region of ours. Correct it.",
    ]);
  });

  const value = "hunter2";
  const json = JSON.stringify({ [value]: value });
  const answering = (validate: StandardSchema["~standard"]["validate"]): StandardSchema => ({
    "~standard": { version: 1, vendor: "ours", validate },
  });
  const quoting = (text: string) =>
    answering(() => ({ issues: [Object.assign({ message: text, path: [text] }, { expected: text, code: text })] }));
  const parsed = z.string().transform((text): unknown => JSON.parse(text));
  test.for<[string, StandardSchema, string]>([
    ["a message of the application's own, zod", z.string().refine(() => false, { error: ({ input }) => `not ${String(input)}` }), value],
    ["an error map", z.coerce.number({ error: ({ input }) => `not ${String(input)}` }), value],
    [
      "an issue that is added",
      z.string().superRefine((text, { addIssue }) => {
        addIssue({ code: "custom", message: text, path: [text], params: { text } });
      }),
      value,
    ],
    ["keys of an object", parsed.pipe(z.strictObject({})), json],
    ["the path into a record", parsed.pipe(z.record(z.string(), z.number())), json],
    ["the key of a record", parsed.pipe(z.record(z.string().max(3), z.string())), json],
    ["a union", z.union([z.url(), z.literal("a")]), value],
    [
      "a message of valibot",
      v.pipe(
        v.string(),
        v.email(({ input }) => `not ${input}`),
      ),
      value,
    ],
    ["what valibot received", v.picklist(["a", "b"]), value],
    [
      "a check of valibot",
      v.pipe(
        v.string(),
        v.check(
          () => false,
          ({ input }) => input,
        ),
      ),
      value,
    ],
    ["keys of valibot", v.pipe(v.string(), v.parseJson(), v.strictObject({})), json],
    ["what arktype was given", type("string.email"), value],
    ["a morph of arktype", type("string.json.parse").to({ a: "string" }), json],
    ["another library", quoting(value), value],
    [
      "a schema that throws",
      z.string().transform((text) => {
        throw new Error(text);
      }),
      value,
    ],
    ["a schema that rejects", answering(async (text) => Promise.reject(new Error(String(text)))), value],
    [
      "a schema that throws at once",
      answering((text) => {
        throw new Error(String(text));
      }),
      value,
    ],
  ])("no value is shown: %s", ([, schema, given]) => {
    const text = refusal(() => createEnv({ VARIABLE: schema }, { VARIABLE: given }));
    expect(text).toContain("VARIABLE: ");
    expect(text).not.toContain(value);
  });

  test("an asynchronous schema", () => {
    const schema = z.string().refine(async () => Promise.resolve(true));
    expect(lines(() => createEnv({ VARIABLE: schema }, { VARIABLE: "text" }))).toEqual([
      expect.stringMatching(/^ {2}1\. VARIABLE: .* asynchronous\. .*where the value is used\.$/),
    ]);
  });

  test("a variable that throws does not hide the others", () => {
    const throwing = z.string().transform((text): unknown => JSON.parse(text));
    expect(lines(() => createEnv({ FLAGS: throwing, PORT: z.coerce.number() }, { FLAGS: "{" }))).toEqual([
      expect.stringContaining("FLAGS: gets no answer from its schema, which throws or is asynchronous. Correct the value"),
      expect.stringContaining("PORT: is missing."),
    ]);
  });
});
