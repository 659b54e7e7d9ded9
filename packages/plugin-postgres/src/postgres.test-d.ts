import { isFairleadError, secret, type Plugin } from "@fairlead/core";
import { expectTypeOf, test } from "vitest";
import { postgres } from "./index.js";

test("a plugin is typed by its name and what it provides", () => {
  expectTypeOf(postgres({ url: secret("DATABASE_URL") })).toEqualTypeOf<Plugin<"postgres", "migrator" | "checks">>();
  expectTypeOf(postgres({ name: "stock", url: secret("STOCK_URL"), migrations: "./stock", schema: "fairlead_stock" })).toEqualTypeOf<
    Plugin<"stock", "migrator" | "checks">
  >();
});

test("mistakes do not compile", () => {
  // @ts-expect-error no address
  postgres({});
  // @ts-expect-error a secret as plain text
  postgres({ url: "postgres://ada:hunter2@db.example/shop" });
  // @ts-expect-error a misspelt option
  postgres({ url: secret("DATABASE_URL"), migratons: "./migrations" });
  // @ts-expect-error a duration without a unit
  postgres({ url: secret("DATABASE_URL"), patience: "30" });
});

test("an error's code tells what data it has", () => {
  const error: unknown = undefined;
  if (isFairleadError(error, "POSTGRES_MIGRATION_FAILED")) expectTypeOf(error.data.undone).toEqualTypeOf<boolean>();
});
