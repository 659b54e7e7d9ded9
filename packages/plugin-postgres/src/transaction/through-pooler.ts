import { fail } from "@fairlead/core";
import type { Session } from "../connection/session.js";
import type { MigrationFile } from "../folder/migration-file.js";
import { postgresErrors } from "../postgres-errors.js";
import { setBy } from "../sql/set-by.js";
import type { Unit } from "../sql/units.js";
import type { Way } from "./way.js";

/** Rejects with `POSTGRES_POOLED` what cannot be run safely behind a pooler, before any of it runs. */
export async function refuseThroughPooler(session: Session, file: MigrationFile, way: Way): Promise<void> {
  const problem = await problemThroughPooler(session, way);
  if (problem !== undefined) throw fail(postgresErrors, "POSTGRES_POOLED", { migration: file.id, problem, database: session.address.name });
}

/**
 * What a file needs a connection of its own for; nothing where a pooler may stand between. In a transaction everything can be set and taken back. A statement that runs in none has whatever
 * connection the pool gives it, with that connection's settings, so that it must need no others.
 */
export async function problemThroughPooler(session: Session, way: Way): Promise<string | undefined> {
  if (!session.pooled) return undefined;
  if (way.kind === "transaction") return way.loose ? "it ends its transaction itself, or cannot be read" : undefined;
  const { units } = way;
  for (const [index, { outside, statements }] of units.entries()) {
    if (outside === undefined) continue;
    const { words, leavesRemains } = outside;
    if (!leavesRemains && !isHarmless(units[index]))
      return `${words} needs a limit to how long it waits for its locks, which cannot be set without a transaction`;
    if (outside.effect.kind === "unknown") return `what ${words} leaves in its connection cannot be taken back without a transaction`;
    const before = units.slice(0, index).flatMap((unit) => unit.statements);
    if (before.some(({ node }) => setBy(node) !== undefined))
      return `${words} runs outside of a transaction, and what the file sets before it cannot be set there`;
    const limit = await limitOf(session);
    if (limit !== undefined && statements.length > 0)
      return `${words} may take long, and its role has ${limit}, which cannot be changed without a transaction`;
  }
  return undefined;
}

/** Whether nobody who reads or writes waits behind it, should it wait for its locks. */
function isHarmless(unit: Unit | undefined): boolean {
  const [statement] = unit?.statements ?? [];
  if (statement === undefined) return true;
  const { node } = statement;
  if ("CreatedbStmt" in node || "DropdbStmt" in node || "AlterSystemStmt" in node) return true;
  return (
    "VacuumStmt" in node && !(node.VacuumStmt.options ?? []).some((option) => "DefElem" in option && option.DefElem.defname === "full")
  );
}

/** A limit that new connections of this role begin with. */
export async function limitOf(session: Session): Promise<string | undefined> {
  const [found] = await session.ask<{ name: string; value: string }>(
    "select name, reset_val || coalesce(unit, '') as value from pg_settings where name in ('statement_timeout', 'lock_timeout') and reset_val <> '0' order by name limit 1",
  );
  return found === undefined ? undefined : `a ${found.name} of ${found.value}`;
}
