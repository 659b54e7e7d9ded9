// What the engine adds to its journal: milliseconds per step of deployments whose steps do nothing, as a ratio to the same number of single-event commits of equal payload on the same
// store and pragmas, two per step, not batched. Run after `npm run build`: node bench/engine.mjs [deployments] [rounds]
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "../packages/core/node_modules/zod/index.js";
import { createDeployer, definePlugin, image, sqliteStore } from "../packages/core/dist/index.js";

const deployments = Number(process.argv[2] ?? 1000);
const rounds = Number(process.argv[3] ?? 3);
const stepsEach = 10;
/** preflight, prepare, verify and promote are the plan's own. */
const ownSteps = stepsEach - 4;

function nothing() {
  const made = new Map();
  let current;
  const target = {
    roles: ["web"],
    description: "nothing",
    prepare: async ({ key }) => {
      if (!made.has(key)) made.set(key, { id: `c${made.size + 1}` });
      return made.get(key);
    },
    observe: async ({ key }) => (made.has(key) ? { status: "applied", candidate: made.get(key) } : { status: "absent" }),
    promote: async ({ candidate }) => {
      current = candidate;
    },
    current: async () => (current === undefined ? undefined : { candidate: current, settled: true }),
    retained: async () => [],
  };
  const steps = Array.from({ length: ownSteps }, (_, index) => ({
    id: `nothing-${index}`,
    stage: "expand",
    idempotency: "natural",
    reversibility: "leave",
    run: async () => undefined,
  }));
  const check = { scope: "candidate", name: "nothing", run: () => ({ status: "up" }) };
  return definePlugin({
    id: "nothing",
    provides: ["target", "steps", "checks"],
    options: z.strictObject({}),
    setup: () => ({ target, steps, checks: [check] }),
  })();
}

async function inFolder(work) {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-bench-"));
  try {
    return await work(join(folder, "journal.db"));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Milliseconds per step, and the average size of an event's data. */
const engine = () =>
  inFolder(async (path) => {
    const store = sqliteStore({ path });
    const environments = { development: { target: "nothing", verify: { successes: 1 } } };
    const deployer = createDeployer({ application: "bench", store, plugins: [nothing()], environments });
    const run = async (index) => (await deployer.deploy({ environment: "development", source: image(`bench:${index}`) })).result();
    await run("warm");
    const begun = performance.now();
    for (let index = 0; index < deployments; index += 1) {
      const { phase } = await run(index);
      if (phase !== "succeeded") throw new Error(`a deployment ${phase}`);
    }
    const perStep = (performance.now() - begun) / deployments / stepsEach;
    const { items } = await store.list({ prefix: "deployment/bench/", limit: 20 });
    const events = (await Promise.all(items.map(({ name }) => store.read(name)))).flat().filter(({ type }) => type.startsWith("step."));
    const payload = Math.round(events.reduce((sum, { data }) => sum + JSON.stringify(data).length, 0) / events.length);
    await deployer.close();
    return { perStep, payload };
  });

const commits = (payload) =>
  inFolder(async (path) => {
    const store = sqliteStore({ path });
    const event = {
      type: "step.started",
      at: new Date().toISOString(),
      data: { filler: "x".repeat(Math.max(0, payload - 13)) },
      hash: `sha256:${"0".repeat(64)}`,
    };
    await store.commit({ streams: [{ name: "warm", expectedVersion: 0, events: [event] }] });
    const begun = performance.now();
    for (let index = 0; index < deployments; index += 1) {
      for (let version = 0; version < 2 * stepsEach; version += 1) {
        await store.commit({ streams: [{ name: `bench/${index}`, expectedVersion: version, events: [event] }] });
      }
    }
    const perStep = (performance.now() - begun) / deployments / stepsEach;
    await store.close();
    return perStep;
  });

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const ratios = [];
for (let round = 1; round <= rounds; round += 1) {
  const { perStep, payload } = await engine();
  const floor = await commits(payload);
  ratios.push(perStep / floor);
  const figures = `engine ${perStep.toFixed(3)} ms/step, two commits of ${payload} bytes ${floor.toFixed(3)} ms/step, ratio ${(perStep / floor).toFixed(2)}`;
  console.log(`round ${round}: ${figures}`);
}
console.log(
  `median ratio over ${rounds} rounds of ${deployments} deployments of ${stepsEach} steps: ${median(ratios).toFixed(2)} (goal: at most 1.5)`,
);
