// What 1,000 small migrations cost (100 CREATE TABLE, 900 ADD COLUMN) beside other tools, in turns on the same server, as a ratio to `pg` that sends each with its ledger row in one round trip; and what
// a run costs that finds all of them applied. Ours compares every checksum then. The ratio is the median of those of each round. Run after `npm run build`; `psql` is Debian's:
// node bench/migrations.mjs [rounds] [the first word of those that take part besides us and raw pg, such as umzug]
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { Secret, secret, systemClock } from "../packages/core/dist/index.js";
import { postgres } from "../packages/plugin-postgres/dist/index.js";
import { peers } from "./migrations-peers.mjs";
import { openStorage } from "./storage.mjs";

const rounds = Number(process.argv[2] ?? 5);
const count = 1_000;
/** How many columns the migrations make. */
const columns = 100 * 2 + 900;

const migrations = Array.from({ length: count }, (_, number) => {
  const table = `t_${String(Math.floor(number / 10))}`;
  const text =
    number % 10 === 0
      ? `create table ${table} (id bigint primary key, name text not null);\n`
      : `alter table ${table} add column c_${String(number)} integer;\n`;
  return { name: `${String(number).padStart(5, "0")}_change`, text };
});

const storage = await openStorage("postgres");
const call = {
  signal: new AbortController().signal,
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  environment: "production",
  deploymentId: "dep_01JD3W8Z9QK4",
  idempotencyKey: "dep_01JD3W8Z9QK4/migrations",
};

/** A lock, a transaction each, all checksums compared. */
const fairlead = {
  name: "fairlead",
  again: true,
  async prepare(folder) {
    for (const { name, text } of migrations) await writeFile(join(folder, `${name}.sql`), text);
  },
  async open(folder, url) {
    const plugin = postgres({ url: secret("DATABASE_URL"), migrations: folder });
    const checked = { migrations: folder, schema: "fairlead", lockTimeout: 100, patience: 120_000, shadow: "beside" };
    const { migrator } = await plugin.setup(
      { ...checked, url: new Secret("DATABASE_URL", url) },
      { name: "postgres", application: "shop", environment: "production", clock: systemClock, log: call.log, redact: (text) => text },
    );
    // A deployment has asked for the plan long before it applies.
    const { all } = await migrator.plan(call);
    return async () => void (await migrator.apply({ phase: "expand", migrations: all, release: "rel_1" }, call));
  },
};

const wanted = ["raw", ...process.argv.slice(3)];
const others = wanted.length === 1 ? peers : peers.filter(({ name }) => wanted.some((word) => name.startsWith(word)));
const subjects = [fairlead, ...others.map((peer) => ({ ...peer, open: async (folder, url) => () => peer.apply(folder, url) }))];
const home = await mkdtemp(join(tmpdir(), "fairlead-bench-migrations-"));
const folders = new Map();
for (const [index, subject] of subjects.entries()) {
  const folder = join(home, String(index));
  await mkdir(folder);
  await subject.prepare(folder, migrations);
  folders.set(subject, folder);
}

async function timed(work) {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Whoever is fast has to have done it. */
async function check(name, url) {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query(
    "select count(*)::int as columns from information_schema.columns where table_schema = 'public' and table_name ~ '^t_\\d'",
  );
  await client.end();
  if (rows[0].columns !== columns) throw new Error(`${name} made ${String(rows[0].columns)} of ${String(columns)} columns`);
}

const times = new Map(subjects.map((subject) => [subject, { all: [], nothing: [] }]));
// The first round is not counted. Who comes first changes from round to round.
for (let round = 0; round <= rounds; round += 1) {
  const turn = round % subjects.length;
  for (const subject of [...subjects.slice(turn), ...subjects.slice(0, turn)]) {
    const url = await storage.createDatabase();
    const apply = await subject.open(folders.get(subject), url);
    const found = times.get(subject);
    const taken = await timed(apply);
    await check(subject.name, url);
    if (round > 0) found.all.push(taken);
    for (let again = 0; subject.again && again < 5; again += 1) {
      const nothing = await timed(apply);
      if (round > 0) found.nothing.push(nothing);
    }
  }
}
await storage.close();
await rm(home, { recursive: true });

const median = (values) => [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
const shown = (values) =>
  values.length === 0 ? "–" : `${median(values).toFixed(0)} (${Math.min(...values).toFixed(0)}–${Math.max(...values).toFixed(0)})`;
const base = times.get(subjects.find(({ name }) => name.startsWith("raw"))).all;
console.log(`${String(count)} migrations, ${String(rounds)} rounds, milliseconds: median (least–most)`);
console.log(`${"".padEnd(34)}${"apply".padEnd(22)}${"× raw".padEnd(8)}nothing to do`);
for (const subject of subjects) {
  const { all, nothing } = times.get(subject);
  const ratio = median(all.map((taken, round) => taken / base[round]));
  console.log(`${subject.name.padEnd(34)}${shown(all).padEnd(22)}${ratio.toFixed(2).padEnd(8)}${shown(nothing)}`);
}
