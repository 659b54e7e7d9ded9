import { expectTypeOf, test } from "vitest";
import * as z from "zod";
import { isSecretReference, secret, type Secret, type SecretReference } from "../secret/secret.js";
import type { AnyPlugin, Migrator, Plugin, StandardSchema } from "./index.js";
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

const bare = definePlugin({ id: "bare", provides: ["checks"], options: z.strictObject({}), setup: () => ({ checks: [] }) });

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
  definePlugin({
    id: "broken",
    provides: ["migrator"],
    options,
    // @ts-expect-error a migrator that cannot apply anything
    setup: () => ({ migrator: { description: "half a migrator", plan: migrator.plan, verify: migrator.verify } }),
  });
  definePlugin({
    id: "broken",
    provides: ["migrator"],
    options,
    // @ts-expect-error there is no option `projct`
    setup: ({ projct: _ }) => ({ migrator }),
  });
  definePlugin({
    id: "broken",
    provides: ["checks"],
    options,
    // @ts-expect-error no such scope
    setup: () => ({ checks: [{ name: "reach", scope: "providr", run: () => ({ status: "up" }) }] }),
  });
});

test("a name survives a list of plugins of any name", () => {
  const list = <const Plugins extends readonly AnyPlugin[]>(plugins: Plugins): Plugins => plugins;
  const plugins = list([database({ project: "shop", token: secret("TOKEN") }), bare(), bare({ name: "second" })]);
  expectTypeOf(plugins).toEqualTypeOf<readonly [Plugin<"database", "migrator">, Plugin<"bare", "checks">, Plugin<"second", "checks">]>();
});

test("setup may take its time, let go of what it holds, and sees secrets wherever they were named", () => {
  definePlugin({
    id: "slow",
    provides: ["migrator", "checks"],
    options: z.strictObject({ registries: z.record(z.string(), z.object({ password: z.custom<SecretReference>(isSecretReference) })) }),
    setup: async ({ registries }, { environment }) => {
      expectTypeOf(registries).toEqualTypeOf<{ readonly [x: string]: { readonly password: Secret } }>();
      expectTypeOf(environment).toBeString();
      return { migrator, checks: [], dispose: async () => undefined };
    },
  });
});

test("options may be any Standard Schema", () => {
  const schema: StandardSchema<{ port?: number }, { port: number }> = {
    "~standard": { version: 1, vendor: "own", validate: () => ({ value: { port: 80 } }) },
  };
  const own = definePlugin({
    id: "own",
    provides: ["checks"],
    options: schema,
    setup: ({ port }) => {
      expectTypeOf(port).toEqualTypeOf<number>();
      return { checks: [] };
    },
  });
  expectTypeOf(own()).toEqualTypeOf<Plugin<"own", "checks">>();
  // @ts-expect-error a port is a number
  own({ port: "80" });
});

test("options without a required member need no argument", () => {
  const plain = definePlugin({
    id: "plain",
    provides: ["checks"],
    options: z.strictObject({ path: z.string().optional() }),
    setup: () => ({ checks: [] }),
  });
  expectTypeOf(plain()).toEqualTypeOf<Plugin<"plain", "checks">>();
  expectTypeOf(bare()).toEqualTypeOf<Plugin<"bare", "checks">>();
});
