import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { buildShop } from "../build.ts";
import { noteDeploy } from "./folder.ts";
import { runDeploy, type DeployRun } from "./run-deploy.ts";
import { startShopper, type Shopper } from "./shopper.ts";
import type { World } from "./world.ts";

/** How a change of the database was refused that the running release would not have survived, and went through in two steps. */
export interface ChangeStory {
  readonly refused: {
    readonly exitCode: number;
    readonly took: number;
    /** Why, and how to get there all the same. */
    readonly said: readonly string[];
    /** Whether a deployment was begun, or the database is another one. */
    readonly touched: boolean;
  };
  /** The deployment that expands, and the command that contracts when nothing older lives; with what the database's ledger has more behind each. */
  readonly steps: readonly { readonly exitCode: number; readonly applied: readonly string[] }[];
  readonly took: number;
  /** Those who read and wrote meanwhile. */
  readonly clients: Awaited<ReturnType<Shopper["stop"]>>;
}

/** What release 2 does with orders; and what it does when its code knows the new column. */
const before = [
  "select id, sku, quantity from orders order by id desc limit 20",
  "insert into orders (sku, quantity) values ('tea', 1 + $1::int % 5)",
  "update orders set quantity = quantity + 1 where id = (select max(id) from orders)",
];
const knowing = [
  "select id, sku, quantity, coalesce(priority, 0) as priority from orders order by id desc limit 20",
  "insert into orders (sku, quantity, priority) values ('cups', 1 + $1::int % 5, 5)",
  "update orders set quantity = quantity + 1 where id = (select max(id) from orders)",
];

const atOnce = { "0003_priority": "alter table orders add column priority integer not null;" };
const inSteps = {
  "0003_priority": "alter table orders add column priority integer;",
  "0004_priority_required":
    "-- fairlead: contract\nupdate orders set priority = 0 where priority is null;\nalter table orders alter column priority set not null;",
};

/** Deploys a change that breaks the running release, and then the same change in two steps, while a client reads and writes. */
export async function changeDatabase(world: World, signal: AbortSignal): Promise<ChangeStory> {
  const { database, release, folder, env } = world;
  const onStart = (pid: number): void => {
    noteDeploy(folder, pid);
  };
  const deploy = async (migrations: Readonly<Record<string, string>>, note: string): Promise<DeployRun> => {
    await buildShop("2", release);
    await writeFile(join(release, "site/note.txt"), note);
    for (const [name, text] of Object.entries(migrations)) await writeFile(join(release, "migrations", `${name}.sql`), text);
    return runDeploy(["deploy", "production", "--reason", note], { env, signal, onStart });
  };
  const begun = Date.now();
  const found = [await readDatabase(database.url)];
  const [first, [refused, expanded]] = await under(database.url, before, async () => {
    const run = await deploy(atOnce, "Orders have a priority");
    found.push(await readDatabase(database.url));
    return [run, await deploy(inSteps, "Orders may have a priority")] as const;
  });
  found.push(await readDatabase(database.url));
  const [second, contracted] = await under(database.url, knowing, () =>
    runDeploy(["migrations", "apply", "production", "--phase", "contract", "--yes"], { env, signal, onStart }),
  );
  found.push(await readDatabase(database.url));
  const appliedIn = (step: number): readonly string[] =>
    (found[step]?.applied ?? []).filter((id) => found[step - 1]?.applied.includes(id) === false);
  return {
    refused: {
      exitCode: refused.exitCode,
      took: refused.endedAt - refused.startedAt,
      said: refused.problems.flatMap((problem) => problem.split("\n")),
      touched: refused.events.length > 0 || JSON.stringify(found[0]) !== JSON.stringify(found[1]),
    },
    steps: [expanded, contracted].map(({ exitCode }, index) => ({ exitCode, applied: appliedIn(index + 2) })),
    took: Date.now() - begun,
    clients: { rounds: first.rounds + second.rounds, errors: [...first.errors, ...second.errors] },
  };
}

/** Lets a client read and write meanwhile. */
async function under<Result>(
  url: string,
  statements: readonly string[],
  work: () => Promise<Result>,
): Promise<readonly [ChangeStory["clients"], Result]> {
  const shopper = await startShopper(url, statements);
  const [result] = await Promise.allSettled([work()]);
  const clients = await shopper.stop();
  if (result.status === "rejected") throw result.reason;
  return [clients, result.value];
}

/** What was applied, in its order, and what there is to orders. */
async function readDatabase(url: string): Promise<{ readonly applied: readonly string[]; readonly columns: readonly string[] }> {
  const client = new pg.Client({ connectionString: url, application_name: "quickstart" });
  client.on("error", () => undefined);
  await client.connect();
  const applied = await client.query<{ id: string }>("select id from fairlead.migrations where state = 'applied' order by started_at");
  const columns = await client.query<{ name: string }>(
    "select column_name || ' ' || is_nullable as name from information_schema.columns where table_name = 'orders' order by ordinal_position",
  );
  await client.end();
  return { applied: applied.rows.map(({ id }) => id), columns: columns.rows.map(({ name }) => name) };
}
