// What the engine adds to its journal: milliseconds per step of deployments whose steps do nothing, as a ratio to the same number of single-event commits of equal payload on a store of the
// same kind, two per step, not batched. Run after `npm run build`: node bench/engine.mjs [deployments] [rounds] [--store sqlite | postgres]
import { parseArgs } from "node:util";
import { createDeployer, image } from "../packages/core/dist/index.js";
import { nothing, stepsEach } from "./nothing.mjs";
import { openStorage } from "./storage.mjs";

const { positionals, values } = parseArgs({ allowPositionals: true, options: { store: { type: "string", default: "sqlite" } } });
const deployments = Number(positionals[0] ?? 1000);
const rounds = Number(positionals[1] ?? 3);
const turn = 20;

/** A deployer on a store of its own: `run(n)` deploys n times, `payload()` is the average size of the data of a step's event. */
async function createEngine(store) {
  const environments = { development: { target: "nothing", verify: { successes: 1 } } };
  const deployer = createDeployer({ application: "bench", store, plugins: [nothing()], environments });
  let count = 0;
  const run = async (times) => {
    for (let index = 0; index < times; index += 1) {
      count += 1;
      const { phase } = await (await deployer.deploy({ environment: "development", source: image(`bench:${count}`) })).result();
      if (phase !== "succeeded") throw new Error(`a deployment ${phase}`);
    }
  };
  const payload = async () => {
    const { items } = await store.list({ prefix: "deployment/bench/", limit: 20 });
    const events = (await Promise.all(items.map(({ name }) => store.read(name)))).flat().filter(({ type }) => type.startsWith("step."));
    return Math.round(events.reduce((sum, { data }) => sum + JSON.stringify(data).length, 0) / events.length);
  };
  await run(20);
  return { run, payload, close: () => deployer.close() };
}

/** The same number of commits of one event as the deployments have steps, two per step, on a store of its own. */
async function createFloor(store, payload) {
  const data = { filler: "x".repeat(Math.max(0, payload - 13)) };
  const event = { type: "step.started", at: new Date().toISOString(), data, hash: `sha256:${"0".repeat(64)}` };
  let count = 0;
  const run = async (times) => {
    for (let index = 0; index < times; index += 1) {
      count += 1;
      for (let version = 0; version < 2 * stepsEach; version += 1) {
        await store.commit({ streams: [{ name: `bench/${count}`, expectedVersion: version, events: [event] }] });
      }
    }
  };
  await run(20);
  return { run, close: () => store.close() };
}

const timed = async (work) => {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
};

/** Both in turns of a few deployments each, so that what else the machine does meets both alike. */
async function round(storage) {
  const engine = await createEngine(await storage.createStore());
  const payload = await engine.payload();
  const floor = await createFloor(await storage.createStore(), payload);
  const spent = { engine: 0, floor: 0 };
  for (let done = 0; done < deployments; done += turn) {
    spent.engine += await timed(() => engine.run(turn));
    spent.floor += await timed(() => floor.run(turn));
  }
  await engine.close();
  await floor.close();
  return { engine: spent.engine / deployments / stepsEach, floor: spent.floor / deployments / stepsEach, payload };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const ratios = [];
const storage = await openStorage(values.store);
for (let index = 1; index <= rounds; index += 1) {
  const { engine, floor, payload } = await round(storage);
  ratios.push(engine / floor);
  const figures = `engine ${engine.toFixed(3)} ms/step, two commits of ${payload} bytes ${floor.toFixed(3)} ms/step`;
  console.log(`round ${index}: ${figures}, ratio ${(engine / floor).toFixed(2)}`);
}
await storage.close();
const what = `${rounds} rounds of ${deployments} deployments of ${stepsEach} steps`;
console.log(`${values.store}: median ratio over ${what}: ${median(ratios).toFixed(2)} (goal: at most 1.5)`);
