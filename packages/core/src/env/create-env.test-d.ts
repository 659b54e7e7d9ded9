import { expectTypeOf, test } from "vitest";
import { type } from "arktype";
import * as v from "valibot";
import * as z from "zod";
import type { Secret } from "../secret/secret.js";
import { createEnv } from "./create-env.js";
import type { RunningRelease } from "./variables.js";

const from: NodeJS.ProcessEnv = {};
const variables = { DATABASE_URL: z.url(), PORT: z.coerce.number().default(3000), TOKEN: z.string().optional() };

test("a variable has the type that its schema makes", () => {
  const env = createEnv(variables, from);
  expectTypeOf(env.DATABASE_URL).toEqualTypeOf<string>();
  expectTypeOf(env.PORT).toEqualTypeOf<number>();
  expectTypeOf(env.TOKEN).toEqualTypeOf<string | undefined>();
  expectTypeOf(env.release).toEqualTypeOf<RunningRelease | undefined>();
  const others = createEnv({ PORT: v.pipe(v.string(), v.transform(Number)), REGION: type("'eu' | 'us'") }, from);
  expectTypeOf(others.PORT).toEqualTypeOf<number>();
  expectTypeOf(others.REGION).toEqualTypeOf<"eu" | "us">();
});

test("what is not declared does not compile", () => {
  const env = createEnv(variables, from);
  // @ts-expect-error: a misspelt variable
  expectTypeOf(env.DATABSE_URL).toBeString();
  // @ts-expect-error: it is read once
  env.PORT = 1;
});

test("a secret is no text", () => {
  const env = createEnv(variables, from, { secrets: ["DATABASE_URL", "TOKEN"] });
  expectTypeOf(env.DATABASE_URL).toEqualTypeOf<Secret>();
  expectTypeOf(env.TOKEN).toEqualTypeOf<Secret | undefined>();
  expectTypeOf(env.PORT).toEqualTypeOf<number>();
  // @ts-expect-error: no such variable
  createEnv(variables, from, { secrets: ["DATABSE_URL"] });
  // @ts-expect-error: a number
  createEnv(variables, from, { secrets: ["PORT"] });
});

test("Fairlead's own names cannot be declared", () => {
  // @ts-expect-error: in `release`
  createEnv({ FAIRLEAD_RELEASE: z.string() }, from);
  // @ts-expect-error: would hide the release
  createEnv({ release: z.string() }, from);
});

test("the bindings of an edge host will do, and a text will not", () => {
  interface Bindings {
    readonly TOKEN: string;
    readonly CACHE: { readonly get: (key: string) => Promise<string> };
  }
  const bindings: Bindings = { TOKEN: "", CACHE: { get: async (key) => Promise.resolve(key) } };
  createEnv({ TOKEN: z.string().optional() }, bindings);
  // @ts-expect-error: nothing to read from
  createEnv({ TOKEN: z.string().optional() }, "TOKEN=1");
});
