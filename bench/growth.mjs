// What reading the history costs with 100,000 deployments in the store, and whether a deployment costs more beside 10,000 others than beside 100: milliseconds. Goals: a page listed and
// filtered in at most 50 ms; a ratio near 1. Run after `npm run build`: node bench/growth.mjs [--store sqlite | postgres] [--deployments 100000]
import { parseArgs } from "node:util";
import { createDeployer, image } from "../packages/core/dist/index.js";
import { nothing } from "./nothing.mjs";
import { openStorage } from "./storage.mjs";

const { values } = parseArgs({
  options: { store: { type: "string", default: "sqlite" }, deployments: { type: "string", default: "100000" } },
});
const most = Number(values.deployments);
const environments = 10;
const goal = 50;

const median = (numbers) => [...numbers].sort((left, right) => left - right)[Math.floor(numbers.length / 2)];
const timed = async (work) => {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
};

const storage = await openStorage(values.store);
const store = await storage.createStore();
const deployer = createDeployer({
  application: "bench",
  store,
  plugins: [nothing()],
  environments: { development: { target: "nothing", verify: { successes: 1 } } },
});

let deployed = 0;
const deploy = async () => {
  deployed += 1;
  const { phase } = await (await deployer.deploy({ environment: "development", source: image(`bench:${deployed}`) })).result();
  if (phase !== "succeeded") throw new Error(`a deployment ${phase}`);
};

// One as it really is, many times.
await deploy();
const [model] = (await store.list({ prefix: "deployment/bench/", limit: 1 })).items;
const [first] = await store.read(model.name, { limit: 1 });
let filled = 0;
const fillUpTo = async (count) => {
  while (filled < count) {
    const streams = Array.from({ length: Math.min(500, count - filled) }, () => {
      filled += 1;
      // Older than those that are deployed here.
      const id = `dep_00${String(filled).padStart(24, "0")}`;
      const environment = `e${filled % environments}`;
      const summary = { ...model.summary, id, environment, key: `key-${filled}`, phase: filled % 7 === 0 ? "rolled_back" : "succeeded" };
      const { type, at, data, hash } = first;
      return { name: `deployment/bench/${id}`, expectedVersion: 0, events: [{ type, at, data, hash }], summary };
    });
    await store.commit({ streams });
  }
};

const costOfOne = async () => {
  const times = [];
  for (let count = 0; count < 40; count += 1) times.push(await timed(deploy));
  return median(times.slice(10));
};
const costs = [];
for (const count of [100, 1_000, 10_000]) {
  await fillUpTo(count);
  costs.push([count, await costOfOne()]);
}
console.log(`${values.store}: a deployment, beside as many others`);
for (const [count, cost] of costs) console.log(`  ${String(count).padStart(7)}  ${cost.toFixed(2)} ms`);
console.log(`  10,000 to 100: ${(costs.at(-1)[1] / costs[0][1]).toFixed(2)} ×`);

await fillUpTo(most);
const list = (query) => store.list({ prefix: "deployment/bench/", limit: 50, ...query });
const questions = {
  "the newest page": () => deployer.history({ limit: 50 }),
  "a page far back": () =>
    deployer.history({ limit: 50, after: `deployment/bench/dep_00${String(Math.floor(most / 2)).padStart(24, "0")}` }),
  "of an environment": () => list({ where: { environment: "e3" } }),
  "of an environment that has few": () => list({ where: { environment: "development" }, order: "oldest" }),
  "of one that has none": () => list({ where: { environment: "nowhere" } }),
  "by phase": () => list({ where: { environment: "e3", phase: "rolled_back" } }),
  "what is open": () => list({ where: { open: true, asleep: false } }),
  "what waits in an environment": () => list({ where: { environment: "e3", waiting: true }, order: "oldest" }),
  "by a key": () => list({ where: { environment: "e7", key: "key-7" } }),
  "by a key that nobody had": () => list({ where: { environment: "e7", key: "nobody" } }),
  status: () => deployer.status("development"),
};
console.log(`${values.store}: ${most} deployments`);
let missed = 0;
for (const [name, ask] of Object.entries(questions)) {
  await ask();
  const times = [];
  for (let count = 0; count < 15; count += 1) times.push(await timed(ask));
  const cost = median(times);
  if (cost > goal) missed += 1;
  console.log(`  ${cost.toFixed(2).padStart(8)} ms  ${name}${cost > goal ? `  (goal: ${goal} ms)` : ""}`);
}
await deployer.close({ within: "0s" });
await storage.close();
process.exitCode = missed === 0 ? 0 : 1;
