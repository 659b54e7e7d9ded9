import { isFairleadError, type Logger } from "@fairlead/core";
import { readServerError } from "../connection/server-error.js";
import type { Session } from "../connection/session.js";
import type { MigrationFile } from "../folder/migration-file.js";
import { quoteName } from "../sql/quoted.js";

/** Lists of names, each of which has its own quotes: as one text they would be one name. */
const lists = ["search_path", "temp_tablespaces", "local_preload_libraries", "session_preload_libraries"];

const settings = `select s.setrole <> 0 as "ofRole", split_part(one, '=', 1) as name, substr(one, strpos(one, '=') + 1) as value
  from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase, unnest(s.setconfig) one
  where d.datname = $1 and (s.setrole = 0 or s.setrole = (select oid from pg_roles where rolname = session_user))`;

/** Gives a database the settings that another of its server has for all roles and for this one. What this role may not set stays as it is. */
export async function copySettings(
  admin: Session,
  { from, to, log }: { readonly from: string; readonly to: string; readonly log: Logger },
): Promise<void> {
  for (const { ofRole, name, value } of await admin.ask<{ ofRole: boolean; name: string; value: string }>(settings, [from])) {
    const setting = name.split(".").map(quoteName).join(".");
    const set = `alter ${ofRole ? "role session_user in " : ""}database ${quoteName(to)} set ${setting}`;
    const isList = lists.includes(name.toLowerCase());
    const text = isList
      ? `select set_config('${name}', ${admin.quote(value)}, true); ${set} from current`
      : `${set} = ${admin.quote(value)}`;
    await admin.run(text).catch((error: unknown) => {
      if (readServerError(error) === undefined || isFairleadError(error)) throw error;
      log.info(`The scratch database has not the setting ${name} of the real one.`, { code: "POSTGRES_STATEMENT_FAILED" });
    });
  }
}

/** What fails where the schema is there already, also in a block or in code, which no parser of SQL reads. */
const making = /\bcreate\s+schema\s+(?!if\s)(?:authorization\s+)?(?:"((?:[^"]|"")+)"|([^\s"'();`]+))/gi;

/** The same with a name that is put together when it runs: `format('create schema %I', …)`, `'create schema ' || …`. */
const composing = /\bcreate\s+schema\s+(?!if\s)(?:authorization\s+)?[^\s;]*['%$]/i;

/** Makes the schemas in which names are looked for at the real database, where no file makes them: then somebody has by hand. */
export async function makeSchemas(scratch: Session, real: Session, files: readonly MigrationFile[]): Promise<void> {
  const found = await real.ask<{ name: string }>("select unnest(current_schemas(false)) as name");
  const made = files.flatMap(({ text }) =>
    [...text.matchAll(making)].map(([, quoted, plain = ""]) => quoted?.replaceAll('""', '"') ?? plain.toLowerCase()),
  );
  const words = new Set(files.filter(({ text }) => composing.test(text)).flatMap(({ text }) => text.split(/[^\p{L}\p{N}_$-]+/u)));
  for (const { name } of found)
    if (!made.includes(name) && !words.has(name)) await scratch.ask(`create schema if not exists ${quoteName(name)}`);
}
