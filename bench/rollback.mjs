// What the engine adds between a verdict and the first thing that is undone, and whether that is the traffic: milliseconds from the last answer of a check, with which a release has failed, until the provider is
// asked to take it back. With --quickstart also from the verdict until the old content is there again, in the quickstart. Run after `npm run build`:
// node bench/rollback.mjs [rounds] [--store sqlite | postgres] [--quickstart]
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import * as z from "zod";
import { blueGreen, canary, createDeployer, definePlugin, direct, image } from "../packages/core/dist/index.js";
import { openStorage } from "./storage.mjs";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { store: { type: "string", default: "sqlite" }, quickstart: { type: "boolean", default: false } },
});
const rounds = Number(positionals[0] ?? 30);
const goals = { engine: 100, quickstart: 5_000 };

/** A target with a router in front of it, that notes when it is asked for what. */
function createWorld() {
  const made = new Map();
  const asked = [];
  const world = { asked, isWell: true, lastAnswer: 0 };
  let current;
  let shift;
  const note = (what) => asked.push({ what, behind: performance.now() - world.lastAnswer });
  const target = {
    roles: ["web"],
    description: "a target",
    prepare: async ({ key }) => {
      if (!made.has(key)) made.set(key, { id: `c${made.size + 1}` });
      return made.get(key);
    },
    observe: async ({ key }) => (made.has(key) ? { status: "applied", candidate: made.get(key) } : { status: "absent" }),
    promote: async ({ candidate }) => {
      note("promote");
      current = candidate;
    },
    current: async () => (current === undefined ? undefined : { candidate: current, settled: true }),
    retained: async () => [],
    discard: async () => note("discard"),
  };
  const traffic = {
    describe: () => ({ weights: "any", drain: false, affinity: "cookie", segments: [], metrics: false, lossless: true }),
    open: async ({ stable, candidate }) => {
      shift ??= { [stable.id]: 100, [candidate.id]: 0 };
    },
    setWeights: async ({ weights }) => {
      note("traffic");
      shift = weights;
    },
    getWeights: async () => shift ?? (current === undefined ? {} : { [current.id]: 100 }),
    drain: async () => ({ inFlight: 0 }),
    close: async () => {
      note("traffic");
      shift = undefined;
    },
  };
  const check = {
    scope: "candidate",
    name: "answers",
    run: () => {
      world.lastAnswer = performance.now();
      return { status: world.isWell ? "up" : "down" };
    },
  };
  const plugin = definePlugin({
    id: "world",
    provides: ["target", "traffic", "checks"],
    options: z.strictObject({}),
    setup: () => ({ target, traffic, checks: [check] }),
  });
  return Object.assign(world, { plugin });
}

const strategies = {
  direct: direct(),
  "blue-green": blueGreen(),
  canary: canary({ steps: [{ weight: 10, for: "10s" }] }),
};

/** Deploys a release that is not well once it serves, again and again. */
async function measure(strategy, storage) {
  const world = createWorld();
  const deployer = createDeployer({
    application: "bench",
    store: await storage.createStore(),
    plugins: [world.plugin()],
    environments: {
      development: { target: "world", strategy, verify: { successes: 1 }, bake: { for: "10s", every: "20ms" } },
    },
  });
  const deploy = (number) => deployer.deploy({ environment: "development", source: image(`bench:${number}`) });
  const first = await deploy(0);
  await until(() => world.asked.length > 0);
  await until(async () => (await first.state()).steps["bake"]?.forward.status === "started");
  await deployer.advanceAll({ deploymentId: first.id });
  await first.result();
  const times = [];
  const firsts = new Set();
  for (let round = 1; round <= rounds; round += 1) {
    world.isWell = true;
    world.asked.length = 0;
    const deployment = await deploy(round);
    await until(() => world.asked.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 30));
    world.asked.length = 0;
    world.isWell = false;
    await until(() => world.asked.length > 0);
    // The answer that came last before anything was undone is the one that decided.
    const [undone] = world.asked;
    times.push(undone.behind);
    firsts.add(undone.what);
    const { phase } = await deployment.result();
    if (phase !== "rolled_back") throw new Error(`a deployment ${phase}`);
  }
  await deployer.close({ within: "0s" });
  return { times, firsts: [...firsts] };
}

async function until(holds) {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** From the verdict on release 4 until release 2 is served again, as the client saw it that asks all the time. */
async function measureQuickstart() {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-bench-"));
  const report = join(folder, "report.json");
  const words = ["quickstart.ts", "--folder", join(folder, "data"), "--report", report];
  const flags = [
    "--conditions=@fairlead/source",
    `--import=${new URL("../packages/testing/src/emulators/run-from-source.mjs", import.meta.url).href}`,
  ];
  execFileSync(process.execPath, [...flags, ...words], { cwd: new URL("../examples/quickstart", import.meta.url), stdio: "ignore" });
  const { deployments, served } = JSON.parse(await readFile(report, "utf8"));
  await rm(folder, { recursive: true, force: true });
  return served.at(-1).from - deployments.find(({ release }) => release === "4").verdict.at;
}

const figures = (times) => {
  const sorted = [...times].sort((one, other) => one - other);
  return { median: sorted[Math.floor(sorted.length / 2)], most: sorted.at(-1) };
};

let holds = true;
const storage = await openStorage(values.store);
console.log(
  `${values.store}, ${rounds} releases each that fail while they serve, from the verdict to the first undo (goal: at most ${goals.engine} ms):`,
);
for (const [name, strategy] of Object.entries(strategies)) {
  const { times, firsts } = await measure(strategy, storage);
  const { median, most } = figures(times);
  const isTrafficFirst = !firsts.includes("discard");
  holds &&= most <= goals.engine && isTrafficFirst;
  const first = isTrafficFirst ? `the traffic is moved first (${firsts.join(", ")})` : `NOT the traffic first: ${firsts.join(", ")}`;
  console.log(`  ${name}: median ${median.toFixed(1)} ms, at most ${most.toFixed(1)} ms; ${first}`);
}
await storage.close();
if (values.quickstart) {
  const took = await measureQuickstart();
  holds &&= took <= goals.quickstart;
  console.log(`quickstart: the old content is there again ${Math.round(took)} ms after the verdict (goal: at most ${goals.quickstart} ms)`);
}
process.exitCode = holds ? 0 : 1;
