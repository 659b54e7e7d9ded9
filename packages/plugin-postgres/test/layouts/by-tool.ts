import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { resolveBinary } from "dbmate";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import { runner } from "node-pg-migrate";
import pg from "pg";

const run = promisify(execFile);

/** Applies a folder of migrations without Fairlead. */
type Applies = (folder: string, url: string) => Promise<unknown>;

/** Those of psql that are one file each, in the order of the names that the tool would take. */
function files(pick: (entries: readonly string[]) => readonly string[]): Applies {
  return async (folder, url) => {
    const names = pick((await readdir(folder)).sort());
    await run("psql", [...quietly(url), ...names.flatMap((name) => ["-f", join(folder, name)])]);
  };
}

function quietly(url: string): readonly string[] {
  return ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url];
}

const numberOf = (name: string): number => Number(/\d+(?:\.\d+)?/.exec(name)?.[0]);

/** What stands before the way back. */
function upTo(mark: string): Applies {
  return async (folder, url) => {
    for (const name of (await readdir(folder)).sort()) {
      const text = await readFile(join(folder, name), "utf8");
      const child = run("psql", [...quietly(url)]);
      child.child.stdin?.end(text.split(mark)[0]);
      await child;
    }
  };
}

const drizzleOrm: Applies = async (folder, url) => {
  const client = new pg.Client(url);
  await client.connect();
  await migrate(drizzle(client), { migrationsFolder: folder });
  await client.end();
};

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** With the tool itself where it runs from npm, else with psql, as the tool's documentation says that its files are read. */
export const byTool: Readonly<Record<string, { readonly with: "the tool" | "psql"; readonly together?: true; readonly apply: Applies }>> = {
  prisma: {
    with: "psql",
    apply: files((entries) => entries.filter((name) => !name.endsWith(".toml")).map((name) => join(name, "migration.sql"))),
  },
  drizzle: { with: "the tool", together: true, apply: drizzleOrm },
  dbmate: {
    with: "the tool",
    apply: (folder, url) =>
      run(resolveBinary(), ["--url", `${url}?sslmode=disable`, "--migrations-dir", folder, "--no-dump-schema", "migrate"]),
  },
  goose: { with: "psql", apply: upTo("-- +goose Down") },
  "golang-migrate": {
    with: "psql",
    apply: files((entries) => entries.filter((name) => name.endsWith(".up.sql")).sort((one, other) => numberOf(one) - numberOf(other))),
  },
  "node-pg-migrate": {
    with: "the tool",
    together: true,
    apply: (folder, url) =>
      runner({ databaseUrl: url, dir: folder, migrationsTable: "pgmigrations", direction: "up", count: Infinity, logger: quiet }),
  },
  diesel: { with: "psql", apply: files((entries) => entries.map((name) => join(name, "up.sql"))) },
  flyway: {
    with: "psql",
    apply: files((entries) => [
      ...entries
        .filter((name) => /^V.+\.sql$/.test(name))
        .sort((one, other) => Number(/\.(\d+)__/.exec(one)?.[1]) - Number(/\.(\d+)__/.exec(other)?.[1])),
      ...entries.filter((name) => name.startsWith("R__")),
    ]),
  },
  supabase: { with: "psql", apply: files((entries) => entries) },
};

const ledgers = ["-N", "fairlead", "-N", "drizzle", "-T", "schema_migrations", "-T", "pgmigrations*"];

/** What `pg_dump -s` writes of a database without the tables in which tools write down what they have applied. */
export async function dump(url: string): Promise<string> {
  const { stdout } = await run("pg_dump", ["-s", ...ledgers, "-d", url], { maxBuffer: 2 ** 26 });
  // With a word that is another one each time.
  return stdout.replaceAll(/^\\(?:un)?restrict .*$/gm, "");
}
