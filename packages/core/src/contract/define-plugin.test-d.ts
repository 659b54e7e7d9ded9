import { expectTypeOf, test } from "vitest";
import * as z from "zod";
import { isSecretReference, secret, type Secret, type SecretReference } from "../secret/secret.js";
import type { AnyPlugin, Migrator, Plugin } from "./index.js";
import { definePlugin } from "./define-plugin.js";

const options = z.strictObject({
  project: z.string(),
  token: z.custom<SecretReference>(isSecretReference),
  retries: z.number().default(3),
});

declare const migrator: Migrator;

const database = definePlugin({
  id: "database",
  provides: ["migrator"],
  options,
  setup: (given) => {
    expectTypeOf(given.token).toEqualTypeOf<Secret>();
    expectTypeOf(given.retries).toEqualTypeOf<number>();
    return { migrator };
  },
});

test("the factory is typed by what it takes, provides and is called", () => {
  const plugin = database({ project: "shop", token: secret("TOKEN") });
  expectTypeOf(plugin).toEqualTypeOf<Plugin<"database", "migrator">>();
  expectTypeOf(database({ name: "second", project: "shop", token: secret("TOKEN") })).toEqualTypeOf<Plugin<"second", "migrator">>();
  expectTypeOf(plugin).toExtend<AnyPlugin>();
});

test("mistakes do not compile", () => {
  // @ts-expect-error a misspelt option
  database({ projct: "shop", token: secret("TOKEN") });
  // @ts-expect-error a missing option
  database({ project: "shop" });
  // @ts-expect-error a secret given as plain text
  database({ project: "shop", token: "abc" });
  definePlugin({
    id: "broken",
    provides: ["migrator", "checks"],
    options,
    // @ts-expect-error promises checks and does not return them
    setup: () => ({ migrator }),
  });
  // @ts-expect-error no such capability
  definePlugin({ id: "broken", provides: ["migrater"], options, setup: () => ({ migrator }) });
});

test("options without a required member need no argument", () => {
  const plain = definePlugin({
    id: "plain",
    provides: ["checks"],
    options: z.strictObject({ path: z.string().optional() }),
    setup: () => ({ checks: [] }),
  });
  expectTypeOf(plain()).toEqualTypeOf<Plugin<"plain", "checks">>();
  const bare = definePlugin({ id: "bare", provides: ["checks"], options: z.strictObject({}), setup: () => ({ checks: [] }) });
  expectTypeOf(bare()).toEqualTypeOf<Plugin<"bare", "checks">>();
});
