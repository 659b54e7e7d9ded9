// What a commit of one event costs on `sqliteStore`: milliseconds, as a ratio to a raw append + fdatasync of the same event and to a plain INSERT with the same pragmas. In turns, medians of rounds.
// Run after `npm run build`: node bench/store.mjs [rounds]
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { memoryStore, sqliteStore } from "../packages/core/dist/index.js";

const rounds = Number(process.argv[2] ?? 12);
const writesPerRound = 250;
const eventsPerStream = 20;

const data = {
  step: "web.prepare",
  direction: "forward",
  attempt: 1,
  output: { candidate: { id: "dpl_8LrkRZ5iBu", url: "https://shop-4f1d7e5.example" }, digest: `sha256:${"4f".repeat(32)}` },
};
const event = { type: "step.succeeded", at: "2026-01-02T03:04:05.678Z", data, hash: `sha256:${"a0".repeat(32)}` };
const folder = mkdtempSync(join(tmpdir(), "fairlead-bench-"));

/** One line per event, on the disk before the next. */
function rawAppend() {
  const file = openSync(join(folder, "raw.log"), "a");
  const line = Buffer.from(`${JSON.stringify({ stream: "deployment/shop/dep_01JD3W8Z9QK4", version: 1, ...event })}\n`);
  return {
    write: () => {
      writeSync(file, line);
      fdatasyncSync(file);
    },
    close: () => closeSync(file),
  };
}

/** One row per event, in a table without anything else, with the pragmas of the store. */
function plainInsert() {
  const database = new DatabaseSync(join(folder, "plain.db"));
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  database.exec(
    "CREATE TABLE event (position INTEGER PRIMARY KEY, stream TEXT, version INTEGER, type TEXT, at TEXT, data TEXT, hash TEXT)",
  );
  const insert = database.prepare("INSERT INTO event (stream, version, type, at, data, hash) VALUES (?, ?, ?, ?, ?, ?)");
  return {
    write: (number) => insert.run("deployment/shop/dep_01JD3W8Z9QK4", number, event.type, event.at, JSON.stringify(event.data), event.hash),
    close: () => database.close(),
  };
}

/** One commit per event, to streams as long as a deployment's. */
function commits(store) {
  return {
    write: (number) => {
      const name = `deployment/shop/dep_01JD3W8Z9QK4${String(Math.floor(number / eventsPerStream)).padStart(8, "0")}`;
      const expectedVersion = number % eventsPerStream;
      return store.commit({ streams: [{ name, expectedVersion, events: [event] }] });
    },
    close: () => store.close(),
  };
}

const subjects = {
  "raw append + fdatasync": rawAppend(),
  "plain INSERT": plainInsert(),
  "sqliteStore commit": commits(sqliteStore({ path: join(folder, "journal.db") })),
  "memoryStore commit": commits(memoryStore()),
};
const times = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
const medians = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));

const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const sort = (values) => [...values].sort((left, right) => left - right);

// Round by round, so that what else the machine does meets all of them. The first round is not counted.
for (let round = 0; round <= rounds; round += 1) {
  for (const [name, subject] of Object.entries(subjects)) {
    const taken = [];
    for (let write = 0; write < writesPerRound; write += 1) {
      const startedAt = performance.now();
      await subject.write(round * writesPerRound + write);
      taken.push(performance.now() - startedAt);
    }
    if (round === 0) continue;
    times[name].push(...taken);
    medians[name].push(quantile(sort(taken), 0.5));
  }
}
for (const subject of Object.values(subjects)) await subject.close();
rmSync(folder, { recursive: true });

const ratio = (name, base) => quantile(sort(medians[name].map((median, round) => median / medians[base][round])), 0.5);
for (const [name, taken] of Object.entries(times)) {
  const sorted = sort(taken);
  const numbers = [0.5, 0.95, 0.99].map((share) => `p${String(share * 100)} ${quantile(sorted, share).toFixed(3)} ms`);
  console.log(`${name.padEnd(24)} ${numbers.join("   ")}`);
}
console.log(
  `sqliteStore commit / raw append + fdatasync: ${ratio("sqliteStore commit", "raw append + fdatasync").toFixed(2)} (median of ${String(rounds)} rounds)`,
);
console.log(`sqliteStore commit / plain INSERT: ${ratio("sqliteStore commit", "plain INSERT").toFixed(2)}`);
