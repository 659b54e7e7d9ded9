// What the history costs with many deployments on `sqliteStore`: a page, a filtered page and the statistics of a period, in milliseconds. Medians of rounds.
// Run after `npm run build`: node bench/history.mjs [deployments] [rounds]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { createDeployer, definePlugin, sqliteStore } from "../packages/core/dist/index.js";

const deployments = Number(process.argv[2] ?? 100_000);
const rounds = Number(process.argv[3] ?? 9);
const folder = mkdtempSync(join(tmpdir(), "fairlead-bench-"));
const day = 86_400_000;
const now = Date.now();
const years = 3;
const letters = "0123456789abcdefghjkmnpqrstvwxyz";

/** Ids are ordered by time. */
function idOf(kind, time, number) {
  let text = "";
  for (let rest = time, place = 0; place < 10; place += 1, rest = Math.floor(rest / 32)) text = letters[rest % 32] + text;
  return `${kind}_${text}${String(number).padStart(16, "0")}`;
}

/** The line of a deployment, as it is written when one ends. */
function lineOf(number) {
  const created = now - years * 365 * day + Math.floor((number / deployments) * years * 365 * day);
  const failed = number % 20 === 0;
  return {
    id: idOf("dep", created, number),
    application: "shop",
    environment: number % 4 === 0 ? "production" : "staging",
    kind: "deploy",
    phase: failed ? "rolled_back" : "succeeded",
    open: false,
    waiting: false,
    asleep: false,
    outcome: failed ? null : "promoted",
    release: idOf("rel", created, number),
    previousRelease: idOf("rel", created, number - 1),
    commit: "1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d7e8f9a0b",
    digest: `sha256:${"5482b907".repeat(8)}`,
    key: null,
    actor: "ada",
    reason: "mend the basket",
    createdAt: new Date(created).toISOString(),
    endedAt: new Date(created + 60_000 + (number % 97) * 1_000).toISOString(),
    cause: failed ? "step-failed" : null,
    exposed: true,
    waited: 10_000,
    restoredIn: failed ? 3_000 : null,
    error: failed ? "web did not pass its verification: answers: down (9 samples)." : null,
  };
}

async function fill(store) {
  for (let first = 0; first < deployments; first += 1_000) {
    const streams = Array.from({ length: Math.min(1_000, deployments - first) }, (_, index) => {
      const summary = lineOf(first + index);
      const event = { type: "deployment.created", at: summary.createdAt, data: {}, hash: `sha256:${"a0".repeat(32)}` };
      return { name: `deployment/shop/${summary.id}`, expectedVersion: 0, events: [event], summary };
    });
    await store.commit({ streams });
  }
}

async function measured(work) {
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    const begun = performance.now();
    await work();
    times.push(performance.now() - begun);
  }
  return times.sort((one, other) => one - other)[Math.floor(rounds / 2)];
}

try {
  const store = sqliteStore({ path: join(folder, "journal.db") });
  await fill(store);
  const target = definePlugin({ id: "target", provides: ["target"], options: z.strictObject({}), setup: () => ({ target: {} }) });
  const environments = { production: { kind: "development", target: "target" }, staging: { kind: "development", target: "target" } };
  const deployer = createDeployer({ application: "shop", store, plugins: [target()], environments });
  const cases = {
    "a page of 50": () => deployer.history({ limit: 50 }),
    "a page of 50 of one environment": () => deployer.history({ environment: "production", limit: 50 }),
    "a page of 50 of an environment without any": () => deployer.history({ environment: "preview", limit: 50 }),
    "statistics of 30 days": () => deployer.statistics(),
    "statistics of 30 days of one environment": () => deployer.statistics({ environment: "production" }),
    "statistics of all years": () => deployer.statistics({ since: "4000d" }),
  };
  console.log(`${String(deployments)} deployments in ${String(years)} years, medians of ${String(rounds)} rounds`);
  for (const [name, work] of Object.entries(cases)) console.log(`${name.padEnd(42)} ${(await measured(work)).toFixed(1).padStart(8)} ms`);
  await deployer.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
