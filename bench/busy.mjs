// How long the sqlite store keeps the event loop from turning while another process holds the write lock for 2 s, and commits, reads and leases wait: milliseconds. Goal: at most 20.
// Run after `npm run build`: node bench/busy.mjs [rounds]
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { sqliteStore } from "../packages/core/dist/index.js";

const [role, path] = process.argv.slice(2);
const goal = 20;
const held = 2_000;

/** The longest that the loop did not turn while this ran. */
async function longestTurn(work) {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }, 1);
  await work();
  clearInterval(timer);
  return longest;
}

async function hold() {
  const database = new DatabaseSync(path);
  process.on("message", async () => {
    database.exec("BEGIN IMMEDIATE");
    process.send("held");
    await sleep(held);
    database.exec("COMMIT");
    process.send("free");
  });
  process.send("ready");
}

async function measure(rounds) {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-bench-"));
  const file = join(folder, "journal.db");
  const store = sqliteStore({ path: file });
  let version = 0;
  const commit = async () => {
    const event = { type: "one", at: new Date().toISOString(), data: { filler: "x".repeat(300) }, hash: "sha256:0" };
    await store.commit({ streams: [{ name: "a", expectedVersion: version, events: [event] }] });
    version += 1;
  };
  await commit();
  const other = fork(import.meta.filename, ["hold", file]);
  await once(other, "message");
  const longest = [];
  for (let round = 0; round < rounds; round += 1) {
    const idle = await longestTurn(() => sleep(held));
    const busy = await longestTurn(async () => {
      const isHeld = once(other, "message");
      other.send("hold");
      await isHeld;
      const begun = performance.now();
      const lease = store.leases.acquire({ name: "lease", holder: {}, ttl: 1_000 });
      const reading = (async () => {
        while (performance.now() - begun < held) {
          await store.read("a");
          await sleep(5);
        }
      })();
      const isFree = once(other, "message");
      await Promise.all([commit(), lease, reading, isFree]);
    });
    longest.push(busy);
    console.log(
      `round ${round + 1}: ${busy.toFixed(1)} ms while the lock was held by another, ${idle.toFixed(1)} ms where nothing was done`,
    );
  }
  other.disconnect();
  await store.close();
  rmSync(folder, { recursive: true });
  const median = longest.sort((a, b) => a - b)[Math.floor(longest.length / 2)];
  console.log(`median of the rounds ${median.toFixed(1)} ms (goal: ${goal} ms)`);
  process.exitCode = median <= goal ? 0 : 1;
}

if (role === "hold") await hold();
else await measure(Number(role ?? 3));
