// Commits until it is killed, and says so after each: node victim.mjs <path> [<calls>]
// With <calls> it kills itself in front of that call of SQLite, counted from the second commit on.
import { writeSync } from "node:fs";
import { DatabaseSync, StatementSync } from "node:sqlite";
import { sqliteStore } from "@fairlead/core";

const [path, calls] = process.argv.slice(2);
const store = sqliteStore({ path });
let left = Infinity;

for (const [prototype, method] of [
  [DatabaseSync.prototype, "exec"],
  [StatementSync.prototype, "run"],
  [StatementSync.prototype, "get"],
  [StatementSync.prototype, "all"],
]) {
  const original = prototype[method];
  prototype[method] = function (...values) {
    left -= 1;
    if (left < 0) process.kill(process.pid, "SIGKILL");
    return original.apply(this, values);
  };
}

function message(number) {
  const id = `msg_${String(number)}`;
  const place = { application: "shop", environment: "production" };
  const notification = {
    id,
    event: "e",
    severity: "info",
    title: "t",
    text: "t",
    fields: [],
    links: [],
    at: "2026-01-02T03:04:05.678Z",
    ...place,
  };
  return { id, dedupeKey: id, channel: "slack", lane: "lane", ...place, notification };
}

for (let number = 0; ; number += 1) {
  if (number === 1 && calls !== undefined) left = Number(calls);
  const events = [{ type: "one", at: "2026-01-02T03:04:05.678Z", data: { number, text: "x".repeat(number % 7000) }, hash: "sha256:0" }];
  await store.commit({
    streams: [
      { name: "a", expectedVersion: number, events, summary: { number } },
      { name: "b", expectedVersion: number, events },
    ],
    claim: { key: `claim-${String(number)}`, owner: "victim", action: "take" },
    outbox: [message(number)],
  });
  writeSync(1, `${String(number)}\n`);
}
