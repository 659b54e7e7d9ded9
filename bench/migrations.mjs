// What 1,000 small migrations cost (100 CREATE TABLE, 900 ADD COLUMN), as a ratio to `pg` that sends each with its ledger row in one round trip, in turns on the same server; and what a run costs that
// finds all of them applied, with every checksum compared. Run after `npm run build`: node bench/migrations.mjs [rounds]
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { Secret, secret, systemClock } from "../packages/core/dist/index.js";
import { postgres } from "../packages/plugin-postgres/dist/index.js";
import { openStorage } from "./storage.mjs";

const rounds = Number(process.argv[2] ?? 5);
const count = 1_000;

const folder = await mkdtemp(join(tmpdir(), "fairlead-bench-migrations-"));
for (let number = 0; number < count; number += 1) {
  const table = Math.floor(number / 10);
  const text =
    number % 10 === 0
      ? `create table t_${String(table)} (id bigint primary key, name text not null);\n`
      : `alter table t_${String(table)} add column c_${String(number)} integer;\n`;
  await writeFile(join(folder, `${String(number).padStart(5, "0")}_change.sql`), text);
}

const storage = await openStorage("postgres");
const call = {
  signal: new AbortController().signal,
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  environment: "production",
  deploymentId: "dep_01JD3W8Z9QK4",
  idempotencyKey: "dep_01JD3W8Z9QK4/migrations",
};

/** @param {string} url */
async function fairlead(url) {
  const plugin = postgres({ url: secret("DATABASE_URL"), migrations: folder });
  const checked = { migrations: folder, schema: "fairlead", lockTimeout: 100, patience: 120_000 };
  const { migrator } = await plugin.setup(
    { ...checked, url: new Secret("DATABASE_URL", url) },
    { name: "postgres", application: "shop", environment: "production", clock: systemClock, log: call.log, redact: (text) => text },
  );
  const { all } = await migrator.plan(call);
  return async () => (await migrator.apply({ phase: "expand", migrations: all, release: "rel_1" }, call)).applied.length;
}

/** One round trip each: the transaction, what a lock may cost, the file, its row. @param {string} url */
function raw(url) {
  return async () => {
    const client = new pg.Client(url);
    await client.connect();
    await client.query("create table if not exists ledger (id text primary key, checksum text, run_by text, at timestamptz default now())");
    const names = (await readdir(folder)).sort();
    for (const name of names) {
      const text = await readFile(join(folder, name), "utf8");
      await client.query(
        `begin; set local lock_timeout = '100ms'; ${text}; insert into ledger (id, checksum, run_by) values ('${name}', md5('${name}'), '${hostname()}'); commit`,
      );
    }
    await client.end();
    return names.length;
  };
}

const median = (values) => [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
const times = { fairlead: [], raw: [], nothing: [] };
async function measure(name, work, expected) {
  const startedAt = performance.now();
  const done = await work();
  const taken = performance.now() - startedAt;
  if (done !== expected) throw new Error(`${name} did ${String(done)} of ${String(expected)}`);
  return taken;
}

// The first round is not counted. Who comes first changes from round to round.
for (let round = 0; round <= rounds; round += 1) {
  const [ours, theirs] = [await storage.createDatabase(), await storage.createDatabase()];
  const apply = await fairlead(ours);
  const subjects = [
    ["fairlead", apply],
    ["raw", raw(theirs)],
  ];
  if (round % 2 === 1) subjects.reverse();
  for (const [name, work] of subjects) {
    const taken = await measure(name, work, count);
    if (round > 0) times[name].push(taken);
  }
  for (let again = 0; again < 5; again += 1) {
    const taken = await measure("nothing", apply, 0);
    if (round > 0) times.nothing.push(taken);
  }
}
await storage.close();
await rm(folder, { recursive: true });

const line = (name) =>
  `${median(times[name]).toFixed(0)} ms (${Math.min(...times[name]).toFixed(0)}–${Math.max(...times[name]).toFixed(0)})`;
console.log(`${String(count)} migrations, ${String(rounds)} rounds`);
console.log(`raw pg, one round trip each  ${line("raw")}`);
console.log(`fairlead                     ${line("fairlead")}  ×${(median(times.fairlead) / median(times.raw)).toFixed(2)}`);
console.log(`fairlead, nothing to do      ${line("nothing")}`);
