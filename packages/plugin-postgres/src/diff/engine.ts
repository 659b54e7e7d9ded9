import { fail } from "@fairlead/core";
import type { Plan } from "@supabase/pg-delta/plan";
import type { FactBase } from "@supabase/pg-delta/core";
import { readServerError } from "../connection/server-error.js";
import type { Session } from "../connection/session.js";
import { postgresErrors } from "../postgres-errors.js";

/** What the library that writes the SQL has read of a database. */
export interface ReadDatabase {
  readonly facts: FactBase;
  readonly roles: readonly string[];
  /** Kinds of objects that it has found and cannot write. */
  readonly unwritten: readonly string[];
}

export interface DiffEngine {
  read(session: Session): Promise<ReadDatabase>;
  /** What makes one of the other. */
  plan(from: ReadDatabase, to: ReadDatabase, except: Exceptions): Plan;
}

/** What is nobody's migration. */
export interface Exceptions {
  readonly schemas: readonly string[];
  /** Ledgers of other tools that are somewhere else, with their indexes and sequences. */
  readonly ledgers: readonly LedgerPart[];
}

/** A ledger of another tool, or an index or a sequence of one. */
export interface LedgerPart {
  readonly schema: string;
  readonly name: string;
  readonly isTable: boolean;
}

/** What a migration runs as, or what the environment decides, and not the folder. */
const elsewhere = ["role", "membership", "acl", "defaultPrivilege", "securityLabel", "userMapping", "subscription"];

/** Loads the library that compares; who never compares does not need it. Rejects with `POSTGRES_DIFF_MISSING`. */
export async function loadDiffEngine(): Promise<DiffEngine> {
  const load = async () => {
    const [{ extract }, { plan }] = await Promise.all([import("@supabase/pg-delta/extract"), import("@supabase/pg-delta/plan")]);
    return { extract, plan };
  };
  const { extract, plan } = await load().catch((error: unknown) => {
    throw fail(postgresErrors, "POSTGRES_DIFF_MISSING", { problem: whyNot(error) });
  });
  return {
    async read(session) {
      const { factBase, diagnostics } = await extract(poolOf(session) as unknown as Parameters<typeof extract>[0]).catch(
        (error: unknown) => {
          const server = readServerError(error);
          if (server === undefined) throw error;
          throw fail(postgresErrors, "POSTGRES_DIFF_FAILED", { problem: `${session.address.name}: ${server.message} (${server.code})` });
        },
      );
      const roles = await session.ask<{ name: string }>("select rolname as name from pg_roles");
      const unwritten = diagnostics.filter(({ code }) => code === "unmodeled_kind").map(({ message }) => message);
      return { facts: factBase, roles: roles.map(({ name }) => name), unwritten };
    },
    plan(from, to, { schemas, ledgers }) {
      return plan(from.facts, to.facts, {
        scope: "database",
        policy: {
          id: "fairlead",
          filter: [
            { match: { kind: elsewhere }, action: "exclude" },
            { match: { all: [{ kind: "schema" }, { name: [...schemas] }] }, action: "exclude" },
            { match: { schema: [...schemas] }, action: "exclude" },
            ...ledgers.map(({ schema, name }) => {
              const match = { all: [{ kind: ["table", "sequence"] }, { schema: [schema] }, { name: [name] }] };
              return { match, action: "exclude" as const };
            }),
          ],
          assumedRoles: [...new Set([...from.roles, ...to.roles])],
        },
      });
    },
  };
}

/** In the words of Node where it is there, and another version, or lacks something itself. */
function whyNot(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.startsWith("Cannot find package '@supabase/pg-delta'") ? "it is not installed." : message;
}

/** For a table that somebody else has to himself: nobody could break off what waits for it. */
const patience = "5s";

/** It wants a pool, of which it takes one connection, and reads in one transaction. */
function poolOf(session: Session): { connect(): Promise<object> } {
  const ask = async (sql: string, values: readonly unknown[]): Promise<readonly object[]> => {
    if (!sql.startsWith("BEGIN")) return session.query(sql, values);
    await session.run(`${sql}; set local lock_timeout = '${patience}'`);
    return [];
  };
  return {
    connect: () =>
      Promise.resolve({
        query: async (sql: string, values: readonly unknown[] = []) => ({ rows: await ask(sql, values) }),
        release: () => undefined,
      }),
  };
}
