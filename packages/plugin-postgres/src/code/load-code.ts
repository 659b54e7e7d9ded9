import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { fail } from "@fairlead/core";
import type { MigrationFile } from "../folder/migration-file.js";
import { postgresErrors } from "../postgres-errors.js";
import type { CodeMigration } from "./migration.js";

/** Loads the code of a migration, without a build: Node itself passes over the types. Rejects with `POSTGRES_CODE_UNUSABLE`. */
export async function loadCode({ id, path, checksum }: MigrationFile): Promise<CodeMigration> {
  const unusable = (problem: string, hint: string): Error =>
    fail(postgresErrors, "POSTGRES_CODE_UNUSABLE", { migration: id, path, problem, hint });
  if (/\.m?ts$/.test(path) && !readsTypes())
    throw unusable(
      "this Node does not run TypeScript.",
      "Use Node 22.18 or later, without --no-experimental-strip-types, or write it in JavaScript.",
    );
  let module: unknown;
  try {
    // Another text is another module.
    module = await import(/* @vite-ignore */ `${pathToFileURL(resolve(path)).href}?${checksum}`);
  } catch (error) {
    throw unusable(
      error instanceof Error ? error.message : String(error),
      "Mend it, or what it imports. Types are passed over, so enums, namespaces and decorators cannot be used.",
    );
  }
  const [up, down] = ["up", "down"].map((name): unknown =>
    typeof module === "object" && module !== null ? Reflect.get(module, name) : undefined,
  );
  if (!isStep(up))
    throw unusable("it exports no function `up`.", "Write `export const { up, down } = defineMigration({ async up(db) { … } })`.");
  if (down !== undefined && !isStep(down)) throw unusable("its `down` is no function.", "Write one, or leave it away.");
  return { up, ...(down === undefined ? {} : { down }) };
}

function isStep(value: unknown): value is CodeMigration["up"] {
  return typeof value === "function";
}

function readsTypes(): boolean {
  // The types of Node 20 do not know it.
  const mode: unknown = Reflect.get(process.features, "typescript");
  return typeof mode === "string";
}
