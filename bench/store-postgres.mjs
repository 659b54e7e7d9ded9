// What a commit of one event costs on `postgresStore`: milliseconds, as a ratio to a plain INSERT of the same event on the same server, in turns; commits per second of 500 writers at once; and
// what a page of 100,000 deployments costs. Run after `npm run build`: node bench/store-postgres.mjs [rounds]
import pg from "pg";
import { Secret } from "../packages/core/dist/index.js";
import { postgresStore } from "../packages/plugin-postgres/dist/store.js";
import { openStorage } from "./storage.mjs";

const rounds = Number(process.argv[2] ?? 12);
const writesPerRound = 150;
const eventsPerStream = 20;

const data = {
  step: "web.prepare",
  direction: "forward",
  attempt: 1,
  output: { candidate: { id: "dpl_8LrkRZ5iBu", url: "https://shop-4f1d7e5.example" }, digest: `sha256:${"4f".repeat(32)}` },
};
const event = { type: "step.succeeded", at: "2026-01-02T03:04:05.678Z", data, hash: `sha256:${"a0".repeat(32)}` };

const storage = await openStorage("postgres");
const url = await storage.createDatabase();
const client = new pg.Client(url);
await client.connect();
await client.query(
  "create table plain (position bigserial primary key, stream text, version bigint, type text, at text, data json, hash text)",
);

const insert = "insert into plain (stream, version, type, at, data, hash) values ($1, $2, $3, $4, $5, $6)";
const open = () => postgresStore({ url: new Secret("BENCH_DATABASE_URL", url) });
const [store, watched] = [open(), open()];
const stopped = new AbortController();
const changes = watched.watch({ prefix: "", signal: stopped.signal });
const following = Array.fromAsync(changes, () => undefined);
const commitTo = (target, prefix) => (number) => {
  const name = `${prefix}/dep_01JD3W8Z9QK4${String(Math.floor(number / eventsPerStream)).padStart(8, "0")}`;
  return target.commit({ streams: [{ name, expectedVersion: number % eventsPerStream, events: [event] }] });
};
const subjects = {
  "plain INSERT": (number) =>
    client.query(insert, ["deployment/shop/dep_01JD3W8Z9QK4", number, event.type, event.at, JSON.stringify(data), event.hash]),
  commit: commitTo(store, "deployment/shop"),
  "commit, followed": commitTo(watched, "deployment/blog"),
};

const quantile = (values, share) =>
  [...values].sort((left, right) => left - right)[Math.min(values.length - 1, Math.floor(values.length * share))];
const times = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
const medians = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
// Round by round, so that what else the machine does meets all of them. The first round is not counted.
for (let round = 0; round <= rounds; round += 1) {
  for (const [name, write] of Object.entries(subjects)) {
    const taken = [];
    for (let count = 0; count < writesPerRound; count += 1) {
      const startedAt = performance.now();
      await write(round * writesPerRound + count);
      taken.push(performance.now() - startedAt);
    }
    if (round === 0) continue;
    times[name].push(...taken);
    medians[name].push(quantile(taken, 0.5));
  }
}
for (const [name, taken] of Object.entries(times)) {
  const ratio = quantile(
    medians[name].map((median, round) => median / medians["plain INSERT"][round]),
    0.5,
  );
  console.log(
    `${name.padEnd(18)} p50 ${quantile(taken, 0.5).toFixed(3)} ms   p99 ${quantile(taken, 0.99).toFixed(3)} ms   ${ratio.toFixed(2)} x plain INSERT`,
  );
}

const begun = performance.now();
await Promise.all(
  Array.from({ length: 500 }, async (_, writer) => {
    for (let version = 0; version < 20; version += 1)
      await store.commit({ streams: [{ name: `at-once/${writer}`, expectedVersion: version, events: [event] }] });
  }),
);
console.log(`500 writers at once: ${((500 * 20 * 1_000) / (performance.now() - begun)).toFixed(0)} commits/s`);

const summary =
  "json_build_object('id', n, 'environment', (array['production', 'staging', 'preview/pr-' || n])[1 + n % 3], 'open', n % 20000 = 0, 'phase', 'succeeded')";
await client.query(
  `insert into fairlead_store.stream (name, version, summary, labels)
   select 'deployment/many/dep_' || lpad(n::text, 8, '0'), 1, ${summary}, ${summary}::jsonb from generate_series(1, 100000) as n`,
);
await client.query("analyze fairlead_store.stream");
for (const where of [{}, { environment: "production" }, { open: true }, { environment: "preview/pr-50000" }, { environment: "nowhere" }]) {
  const taken = [];
  for (let time = 0; time < 15; time += 1) {
    const startedAt = performance.now();
    await store.list({ prefix: "deployment/many/", where });
    taken.push(performance.now() - startedAt);
  }
  console.log(
    `100,000 deployments, a page where ${JSON.stringify(where)}: p50 ${quantile(taken, 0.5).toFixed(1)} ms, at most ${Math.max(...taken).toFixed(1)} ms`,
  );
}

stopped.abort();
await following;
await Promise.all([store.close(), watched.close(), client.end()]);
await storage.close();
