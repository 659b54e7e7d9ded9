import type { LeakSource } from "@fairlead/testing";
import Docker from "dockerode";
import { existsSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import type { World } from "../../stage/world.ts";
import type { PlantedSecrets } from "./planted-secrets.ts";
import type { Wires } from "./secrecy-stage.ts";

interface Scene {
  readonly world: World;
  readonly wires: Wires;
  readonly planted: PlantedSecrets;
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly traces: { readonly temporary: string; readonly telemetry: string };
}

/** Everything that the shop's processes have written down or sent, but for the places where a secret belongs. */
export async function readSinks(scene: Scene): Promise<readonly LeakSource[]> {
  const { world, folder, traces } = scene;
  return [
    ...journalRows(join(folder, "journal.db")),
    ...(await filesIn(folder, /^journal\.db/)),
    ...(await filesIn(traces.temporary)),
    ...(await filesIn(traces.telemetry)).map(({ text }) => ({ source: "spans and metrics", text })),
    { source: "database", text: await databaseRows(world.database.url) },
    ...(await ledgers(scene)),
    ...wireTexts(scene),
    ...(await containers(scene)),
  ];
}

function journalRows(path: string): readonly LeakSource[] {
  if (!existsSync(path)) return [];
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const tables = database.prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'").all();
    return tables.map(({ name }) => ({
      source: `journal, ${String(name)}`,
      text: database
        .prepare(`select * from ${String(name)}`)
        .all()
        .flatMap((row) =>
          Object.values(row).map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : String(value))),
        )
        .join("\n"),
    }));
  } finally {
    database.close();
  }
}

async function filesIn(folder: string, name = /(?:)/): Promise<readonly LeakSource[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && name.test(entry.name)).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.map(async (file) => ({ source: `file ${basename(file)}`, text: await readFile(file) })));
}

/** All rows of all tables, and what the server says that its sessions do. */
async function databaseRows(connectionString: string): Promise<string> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema') order by 1",
    );
    const texts = [];
    for (const { name } of [...tables, { name: "pg_stat_activity" }, { name: "pg_description" }, { name: "pg_shdescription" }])
      texts.push(`${name}: ${JSON.stringify((await client.query(`select * from ${name}`)).rows)}`);
    return texts.join("\n");
  } finally {
    await client.end();
  }
}

/** What the emulators were sent. They do not keep the credential that a request came with; the wires do. */
async function ledgers({ world }: Scene): Promise<readonly LeakSource[]> {
  const [vercel, sink, inbox] = await Promise.all([world.vercel.ledger(), world.messages.ledger(), world.mails.ledger()]);
  return [
    ...sink.messages.map((message) => ({ source: `messages to ${message.channel}`, text: JSON.stringify(message) })),
    ...inbox.messages.map((message) => ({ source: "messages by e-mail", text: JSON.stringify(message) })),
    { source: "ledger of Vercel", text: JSON.stringify(vercel) },
    { source: "ledger of the inbox", text: JSON.stringify([inbox.requests, inbox.effects]) },
    {
      source: "ledger of the sink",
      // The address that signed events are posted to is a secret, and this is its query.
      text: JSON.stringify([
        sink.requests.map((request) => (request.operation === "webhook.receive" ? { ...request, query: {} } : request)),
        sink.effects,
      ]),
    },
  ];
}

/** What went over each wire, without the very place that a secret is for. */
function wireTexts({ wires, planted: { credentials }, env }: Scene): readonly LeakSource[] {
  // On a connection that is kept it follows the body before at once.
  const requestLine = /POST \S+ HTTP\/1\.1\r\n/g;
  const password = Buffer.from(credentials.databasePassword);
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + password.length + 1);
  const login = Buffer.concat([Buffer.from("p"), length, password, Buffer.from([0])]).toString("latin1");
  const texts = {
    vercel: wires.vercel.said().replaceAll(/^authorization: Bearer .*$/gim, ""),
    slack: wires.slack.said().replaceAll(requestLine, ""),
    webhook: wires.webhook.said().replaceAll(requestLine, ""),
    smtp: wires.smtp.said().replaceAll(/^AUTH PLAIN .*$/gm, ""),
    postgres: wires.postgres.said().replaceAll(login, ""),
    docker: wires.docker.said().replaceAll(JSON.stringify(`DATABASE_URL=${env["SHOP_WORKER_DATABASE_URL"] ?? ""}`), ""),
  };
  return Object.entries(texts).map(([name, text]) => ({ source: `wire to ${name}`, text: Buffer.from(text, "latin1") }));
}

/** What an engine shows of the shop's containers, but for their environment: there the worker's secret belongs. */
async function containers({ world }: Scene): Promise<readonly LeakSource[]> {
  if (!world.worker.available) return [];
  const engine = new Docker({ socketPath: world.env["SHOP_DOCKER_SOCKET"] });
  const found = await engine.listContainers({
    all: true,
    filters: { label: [`fairlead.application=${world.env["SHOP_APPLICATION"] ?? ""}`] },
  });
  return Promise.all(
    found.map(async (listed) => {
      const container = engine.getContainer(listed.Id);
      const { Config, ...rest } = await container.inspect();
      const said = await container.logs({ stdout: true, stderr: true });
      return { source: "container", text: `${JSON.stringify([listed, rest, { ...Config, Env: [] }])}\n${said.toString("latin1")}` };
    }),
  );
}
