import { toolTables } from "../adopt/take-over.js";
import type { Session } from "../connection/session.js";
import { differencesBetween, type Difference } from "../schema/differences.js";
import { readSnapshot, storeSchemas, type SchemaSnapshot } from "../schema/snapshot.js";
import type { Exceptions } from "./engine.js";

const stores = `select nspname as name from pg_namespace where oid in (${storeSchemas})`;

/** In these the migrators of others write down what they have applied; no migration makes them. */
const ledgers = toolTables.map((table) => table.replaceAll('"', "").split("."));

/** What is left out on both sides: ledgers, and schemas of stores. */
export async function exceptionsOf(sessions: readonly Session[], ledger: string): Promise<Exceptions> {
  const found = new Set([ledger, ...ledgers.flatMap((path) => path.slice(0, -1))]);
  for (const session of sessions) for (const { name } of await session.ask<{ name: string }>(stores)) found.add(name);
  return { schemas: [...found], tables: [...new Set(ledgers.flatMap((path) => path.slice(-1)))] };
}

/** What a database consists of, without what is left out. */
export async function readCompared(session: Session, { schemas, tables }: Exceptions): Promise<SchemaSnapshot> {
  const { objects, hash } = await readSnapshot(session, schemas);
  const isLedger = (name: string): boolean => tables.some((table) => new RegExp(`^[^.]+\\.${table}(?:[._]|$)`).test(name));
  const kept = objects.filter(({ name }) => !isLedger(name));
  return { objects: kept, hash: kept.length === objects.length ? hash : "" };
}

/** What is not alike; indexes over partitions bring those of the partitions, whose names the server chooses. */
export function differing(one: SchemaSnapshot, other: SchemaSnapshot): readonly Difference[] {
  if (one.hash === other.hash && one.hash !== "") return [];
  return differencesBetween({ ...one, hash: "one" }, { ...other, hash: "other" });
}
