import { coreErrors, fail } from "@fairlead/core";
import type { QueryResultRow } from "pg";
import { postgresErrors } from "../postgres-errors.js";
import type { Database, Question } from "./database.js";
import { foreignSchema, isGone } from "./failure.js";
import type { Place } from "./place.js";
import { schemaVersions } from "./schema.js";

/**
 * A database whose schema is brought up to date before the first question. Throws `STORE_TOO_NEW` for one that a later release has changed, also meanwhile; `STORE_FOREIGN` where something
 * else is in the schema; `STORE_REPLACED` where what was there is there no more. Nothing of these is touched.
 */
export function withSchema(store: string, database: Database, place: Place): Pick<Database, "ask"> {
  let ready: Promise<void> | undefined;

  const prepare = async (): Promise<void> => {
    const found = await readServer(database, place);
    if (found.encoding !== "UTF8") {
      throw fail(postgresErrors, "POSTGRES_STORE_UNSUITABLE", { store, problem: `the encoding of the database is ${found.encoding}.` });
    }
    if (found.version === schemaVersions.length) return;
    if (found.version < schemaVersions.length) await database.ask({ text: migration(place) });
    const { version } = await readServer(database, place);
    if (version > schemaVersions.length) throw fail(coreErrors, "STORE_TOO_NEW", { store, found: version, known: schemaVersions.length });
  };
  const prepared = (): Promise<void> => {
    if (ready === undefined) {
      ready = prepare();
      // What was wrong may be mended before the next question.
      ready.catch(() => {
        ready = undefined;
      });
    }
    return ready;
  };

  return {
    async ask<Row extends QueryResultRow>(question: Question) {
      await prepared();
      try {
        return await database.ask<Row>(question);
      } catch (error) {
        if (!isGone(error)) throw error;
        const { version } = await readServer(database, place);
        if (version > schemaVersions.length)
          throw fail(coreErrors, "STORE_TOO_NEW", { store, found: version, known: schemaVersions.length });
        throw fail(coreErrors, "STORE_REPLACED", { store }, { cause: error });
      }
    },
  };
}

/** The version of the schema is 0 where there is none. */
async function readServer(database: Database, { name, schema }: Place): Promise<{ readonly version: number; readonly encoding: string }> {
  const [server] = await database.ask<{ present: boolean; encoding: string }>({
    text: `select current_setting('server_encoding') as encoding, exists (
        select from pg_class join pg_namespace on pg_namespace.oid = relnamespace where nspname = $1 and relname = 'store_version'
      ) as present`,
    values: () => [name],
  });
  const { present = false, encoding = "" } = server ?? {};
  if (!present) return { version: 0, encoding };
  const [row] = await database.ask<{ version: number }>({ text: `select version from ${schema}.store_version` });
  return { version: row?.version ?? 0, encoding };
}

/** One statement, and so one transaction: all of it or nothing, once, however many processes begin at the same time, and also through a pooler. */
function migration(place: Place): string {
  const { name, schema, lock } = place;
  const steps = schemaVersions.map((version, index) => `if had < ${String(index + 1)} then ${version(place)} end if;`);
  return `
    do $fairlead$
    declare
      had integer := 0;
    begin
      perform pg_advisory_xact_lock(${lock});
      -- to_regclass and the like may still answer what was true before the lock.
      if exists (select from pg_class join pg_namespace on pg_namespace.oid = relnamespace where nspname = '${name}' and relname = 'store_version') then
        select version into had from ${schema}.store_version;
      elsif not exists (select from pg_namespace where nspname = '${name}') then
        create schema ${schema};
      elsif exists (select from pg_class join pg_namespace on pg_namespace.oid = relnamespace where nspname = '${name}') then
        raise exception 'there is something else in its schema.' using errcode = '${foreignSchema}';
      end if;
      ${steps.join("\n")}
      if had = 0 then
        create table ${schema}.store_version (version integer not null);
        insert into ${schema}.store_version values (${String(schemaVersions.length)});
      elsif had < ${String(schemaVersions.length)} then
        update ${schema}.store_version set version = ${String(schemaVersions.length)};
      end if;
    end
    $fairlead$`;
}
