import pg from "pg";

/** The shop's database as it was at some time, and a record that it keeps of itself since then. */
export interface KeptDatabase {
  /** Makes the database as it was. */
  goBack(): Promise<void>;
}

/** Keeps the database as it is now; nobody may be connected to it. From here on it writes down itself what is done to its tables. */
export async function keepDatabase(url: string): Promise<KeptDatabase> {
  const server = Object.assign(new URL(url), { pathname: "/postgres" }).href;
  await ask(
    url,
    `create schema audit;
    create table audit.commands (tag text not null, object text not null);
    create function audit.note() returns event_trigger language plpgsql as $$
      begin
        insert into audit.commands select command_tag, object_identity from pg_event_trigger_ddl_commands();
      end
    $$;
    create event trigger note on ddl_command_end execute function audit.note();`,
  );
  await ask(server, "alter database shop rename to shop_kept");
  return {
    async goBack() {
      await ask(server, "drop database if exists shop with (force)");
      await ask(server, "create database shop template shop_kept");
    },
  };
}

/** Asks the database, on a connection of its own. */
export async function ask<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}
