// Durable steps per second beside DBOS Transact, a library that also keeps its steps in PostgreSQL: as many deployments of ten steps that do nothing as workflows of ten steps that do nothing,
// at the same time. Each has a process of its own, so that neither pays for the other's garbage, and a database of its own on one server; they take turns.
// Run after `npm run build`: node bench/engine-dbos.mjs [at the same time] [rounds]
import { fork } from "node:child_process";
import { on, once } from "node:events";
import { DBOS } from "@dbos-inc/dbos-sdk";
import { createDeployer, image, Secret } from "../packages/core/dist/index.js";
import { postgresStore } from "../packages/plugin-postgres/dist/store.js";
import { nothing, stepsEach } from "./nothing.mjs";
import { openStorage } from "./storage.mjs";

/** How many of them one after the other, in a round. */
const times = 3;
/** Rounds before the first that counts: until the compiler has seen all of both. */
const warmUp = 4;

const subjects = { fairlead: createFairlead, dbos: createDbos };
if (process.send === undefined) await compare(Number(process.argv[2] ?? 200), Number(process.argv[3] ?? 5));
else await answer(await subjects[process.argv[2]](process.argv[3]));

async function createFairlead(url) {
  const environments = { preview: { template: true, target: "nothing", verify: { successes: 1 } } };
  const store = postgresStore({ url: new Secret("BENCH_DATABASE_URL", url) });
  const deployer = createDeployer({ application: "bench", store, plugins: [nothing()], environments });
  let count = 0;
  const deploy = async (environment) => {
    count += 1;
    const { phase, outcome } = await (await deployer.deploy({ environment, source: image(`bench:${count}`) })).result();
    if (phase !== "succeeded" || outcome !== "promoted") throw new Error(`a deployment ${phase}, ${outcome}`);
  };
  return { run: (index) => deploy(`preview/pr-${index}`), close: () => deployer.close() };
}

async function createDbos(url) {
  DBOS.setConfig({ name: "bench", systemDatabaseUrl: url, logLevel: "error" });
  const workflow = DBOS.registerWorkflow(
    async () => {
      for (let index = 0; index < stepsEach; index += 1) await DBOS.runStep(async () => index, { name: `nothing-${index}` });
    },
    { name: "nothing" },
  );
  await DBOS.launch();
  return { run: async () => (await DBOS.startWorkflow(workflow)()).getResult(), close: () => DBOS.shutdown() };
}

/** Runs a round whenever it is asked for one, and answers with the steps per second. */
async function answer({ run, close }) {
  process.send("ready");
  for await (const [atOnce] of on(process, "message")) {
    if (atOnce === 0) break;
    process.send(await measure(run, atOnce));
  }
  await close();
  process.disconnect();
}

async function measure(run, atOnce) {
  const begun = performance.now();
  for (let time = 0; time < times; time += 1) await Promise.all(Array.from({ length: atOnce }, (_, index) => run(index)));
  return (times * atOnce * stepsEach * 1_000) / (performance.now() - begun);
}

async function compare(concurrency, rounds) {
  const storage = await openStorage("postgres");
  const start = async (name) => {
    const child = fork(import.meta.filename, [name, await storage.createDatabase()]);
    await once(child, "message");
    return child;
  };
  const [fairlead, dbos] = [await start("fairlead"), await start("dbos")];
  const ask = async (child, atOnce) => {
    child.send(atOnce);
    return (await once(child, "message"))[0];
  };
  for (let round = 0; round < warmUp; round += 1) for (const child of [fairlead, dbos]) await ask(child, concurrency);
  for (const atOnce of [concurrency, 1]) {
    const ratios = [];
    for (let round = 1; round <= rounds; round += 1) {
      const [ours, theirs] = [await ask(fairlead, atOnce), await ask(dbos, atOnce)];
      ratios.push(ours / theirs);
      console.log(
        `${atOnce} at the same time, round ${round}: Fairlead ${ours.toFixed(0)} steps/s, DBOS ${theirs.toFixed(0)} steps/s, ratio ${(ours / theirs).toFixed(2)}`,
      );
    }
    console.log(
      `${atOnce} at the same time: median ratio over ${rounds} rounds ${median(ratios).toFixed(2)}${atOnce === 1 ? "" : " (goal: at least 2.5)"}`,
    );
  }
  for (const child of [fairlead, dbos]) {
    child.send(0);
    await once(child, "exit");
  }
  await storage.close();
}

function median(values) {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)];
}
