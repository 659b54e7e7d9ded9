// What users feel while a migration wants a table that somebody holds: the wait of 4 readers behind a transaction of 5 s, with our migrator and with a plain client; and how soon another runner migrates when one is killed
// in the middle of a statement, on a direct connection and through PgBouncer (Debian's). Goals: p99 of the readers at most 10 ms, the blocker named, the end at most 2 s behind the blocker's; the lock free at most 1 s after
// the kill, through the pooler at most the lease and 1 s. Run after `npm run build`: node bench/locks.mjs [rounds of the blocker] [kills]
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { createMigrations } from "../packages/plugin-postgres/dist/index.js";
import { startPooler } from "../packages/plugin-postgres/test/support/pooler.ts";
import { openStorage } from "./storage.mjs";

const [role] = process.argv.slice(2);
const held = 5_000;
const lease = 2_000;
const readers = 4;

/** The runner, in a process of its own. */
async function migrate() {
  const [{ url, folder, plain }] = await once(process, "message");
  const say = (message) => process.send({ said: message });
  try {
    if (plain) {
      const client = await open(url);
      await client.query(plain);
      await client.end();
    } else {
      const log = { info: say, warn: say, error: say };
      await createMigrations({ url, migrations: folder, application: "shop", lease: `${String(lease)}ms`, log }).apply();
    }
    process.send({ ended: true });
  } catch (error) {
    process.send({ failed: String(error) });
  }
  process.disconnect();
}

function startRunner(order) {
  const child = fork(import.meta.filename, ["runner"]);
  const said = [];
  const ended = new Promise((resolve, reject) => {
    child.on("message", ({ said: line, ended: isEnded, failed }) => {
      if (line !== undefined) said.push(line);
      if (isEnded) resolve(performance.now());
      if (failed) reject(new Error(failed));
    });
  });
  // A killed one never ends.
  ended.catch(() => undefined);
  child.send(order);
  return { child, said, ended };
}

async function open(url, name = "bench") {
  const client = new pg.Client({ connectionString: url, application_name: name });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

const sorted = (values) => [...values].sort((one, other) => one - other);
const part = (values, share) => sorted(values)[Math.min(values.length - 1, Math.floor(values.length * share))];
const median = (values) => part(values, 0.5);
const ms = (value) => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;

/** What a reader waits who comes at any moment: those who come while others wait are not among the reads. */
function atAnyMoment(waits, span, share) {
  const late = (limit) => waits.reduce((sum, wait) => sum + Math.max(0, wait - limit), 0) / (span * readers);
  let [low, high] = [0, Math.max(...waits)];
  while (high - low > 0.05) {
    const middle = (low + high) / 2;
    if (late(middle) > 1 - share) low = middle;
    else high = middle;
  }
  return high;
}

const change = "alter table orders add column note text";

/** 4 readers, one after the other, while a change of the table waits for a transaction of 5 s. */
async function behindBlocker(storage, { plain }) {
  const url = await storage.createDatabase();
  const folder = await mkdtemp(join(tmpdir(), "fairlead-bench-locks-"));
  await writeFile(join(folder, "1_note.sql"), change);
  const admin = await open(url);
  await admin.query("create table orders (id int primary key, total int); insert into orders select n, n from generate_series(1, 1000) n");
  const waits = [];
  let isOver = false;
  const reading = Array.from({ length: readers }, async (_, reader) => {
    const client = await open(url, "shop");
    while (!isOver) {
      const begun = performance.now();
      await client.query("select total from orders where id = $1", [1 + ((waits.length + reader) % 1000)]);
      waits.push(performance.now() - begun);
      await sleep(1);
    }
    await client.end();
  });
  const blocker = await open(url, "report");
  await blocker.query("begin; select count(*) from orders");
  const begun = performance.now();
  const runner = startRunner({ url, folder, plain: plain ? change : undefined });
  await sleep(held);
  await blocker.query("commit");
  const free = performance.now();
  const behind = (await runner.ended) - free;
  isOver = true;
  await Promise.all(reading);
  await Promise.all([blocker.end(), admin.end()]);
  await rm(folder, { recursive: true });
  return {
    behind,
    p50: part(waits, 0.5),
    p99: part(waits, 0.99),
    moment: atAnyMoment(waits, performance.now() - begun, 0.99),
    longest: Math.max(...waits),
    reads: waits.length,
    named: runner.said.find((line) => /it waits for "report" \(backend \d+/.test(line)),
  };
}

async function compare(storage, rounds) {
  const all = {};
  for (const plain of [false, true]) {
    const name = plain ? "a plain client " : "fairlead       ";
    const found = [];
    for (let round = 0; round < rounds; round += 1) found.push(await behindBlocker(storage, { plain }));
    const of = (key) => median(found.map((one) => one[key]));
    console.log(
      `${name}: readers p50 ${ms(of("p50"))}, p99 ${ms(of("p99"))} (who comes at any moment: ${ms(of("moment"))}), longest ${ms(of("longest"))} in ${of("reads")} reads; the change ends ${ms(of("behind"))} behind the blocker (longest ${ms(Math.max(...found.map(({ behind }) => behind)))})`,
    );
    all[plain ? "plain" : "ours"] = found;
  }
  const named = all.ours.filter((one) => one.named !== undefined);
  console.log(`the log names the blocker in ${named.length} of ${rounds}: ${named[0]?.named ?? "-"}`);
  const ratio = median(all.plain.map(({ longest }) => longest)) / median(all.ours.map(({ longest }) => longest));
  console.log(`the longest wait of a reader is ${ratio.toFixed(0)} times as long behind the plain client`);
  const isMet =
    named.length === rounds && median(all.ours.map(({ p99 }) => p99)) <= 10 && Math.max(...all.ours.map(({ behind }) => behind)) <= 2_000;
  console.log(`goals (p99 10 ms, 2 s behind, named): ${isMet ? "met" : "missed"}`);
  return isMet;
}

/** From the kill of a runner in the middle of a statement until its lock is free, and until another one has migrated. */
async function killed(url, through) {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-bench-locks-"));
  await writeFile(join(folder, "1_slow.sql"), "create table made (n int); select pg_sleep(n) from pace;");
  const admin = await open(url);
  await admin.query("create table pace as select 3600 as n");
  const runner = startRunner({ url: through, folder });
  const asleep = "select pid from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()";
  for (let tries = 0; (await admin.query(asleep)).rowCount === 0; tries += 1) {
    if (tries > 2_000) throw new Error("the migration does not begin");
    await sleep(10);
  }
  await admin.query("update pace set n = 0");
  const gone = once(runner.child, "exit");
  const at = performance.now();
  runner.child.kill("SIGKILL");
  await gone;
  const other = createMigrations({ url: through, migrations: folder, application: "shop", lease: `${String(lease)}ms` });
  const applying = other.apply().then(() => performance.now() - at);
  const taken = await applying;
  await admin.end();
  await rm(folder, { recursive: true });
  return taken;
}

async function kill(storage, kills) {
  let isMet = true;
  const pooler = await startPooler(await storage.createDatabase());
  for (const [name, address, goal] of [
    ["direct", (url) => url, 1_000],
    ["pooled", pooler.through, lease + 1_000],
  ]) {
    const times = [];
    for (let round = 0; round < kills; round += 1) {
      const url = await storage.createDatabase();
      times.push(await killed(url, address(url)));
    }
    const longest = Math.max(...times);
    isMet &&= longest <= goal;
    const about = name === "pooled" ? ` with a lease of ${ms(lease)}` : "";
    console.log(
      `${name}${about}: another runner has migrated ${ms(median(times))} after the kill, the longest of ${kills} ${ms(longest)} (goal: ${ms(goal)}, ${longest <= goal ? "met" : "missed"})`,
    );
  }
  await pooler.stop();
  return isMet;
}

if (role === "runner") await migrate();
else {
  const storage = await openStorage("postgres");
  const results = [await compare(storage, Number(role ?? 3)), await kill(storage, Number(process.argv[3] ?? 20))];
  await storage.close();
  process.exitCode = results.every(Boolean) ? 0 : 1;
}
