// Durable steps per second beside DBOS Transact, a library that also keeps its steps in PostgreSQL: as many deployments of ten steps that do nothing as workflows of ten steps that do nothing,
// at the same time, each in a database of its own on one server, in turns. Run after `npm run build`: node bench/engine-dbos.mjs [at the same time] [rounds]
import { DBOS } from "@dbos-inc/dbos-sdk";
import { createDeployer, image } from "../packages/core/dist/index.js";
import { nothing, stepsEach } from "./nothing.mjs";
import { openStorage } from "./storage.mjs";

const concurrency = Number(process.argv[2] ?? 200);
const rounds = Number(process.argv[3] ?? 5);
/** How many of them one after the other, in a round. */
const times = 3;

async function createFairlead(store) {
  const environments = { preview: { template: true, target: "nothing", verify: { successes: 1 } } };
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

/** Steps per second. */
async function measure({ run }, atOnce) {
  const begun = performance.now();
  for (let time = 0; time < times; time += 1) await Promise.all(Array.from({ length: atOnce }, (_, index) => run(index)));
  return (times * atOnce * stepsEach * 1_000) / (performance.now() - begun);
}

const median = (values) => [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)];

const storage = await openStorage("postgres");
const fairlead = await createFairlead(await storage.createStore());
const dbos = await createDbos(await storage.createDatabase());
for (const subject of [fairlead, dbos]) await measure(subject, concurrency);
for (const atOnce of [concurrency, 1]) {
  const ratios = [];
  for (let round = 1; round <= rounds; round += 1) {
    const [ours, theirs] = [await measure(fairlead, atOnce), await measure(dbos, atOnce)];
    ratios.push(ours / theirs);
    console.log(
      `${atOnce} at the same time, round ${round}: Fairlead ${ours.toFixed(0)} steps/s, DBOS ${theirs.toFixed(0)} steps/s, ratio ${(ours / theirs).toFixed(2)}`,
    );
  }
  console.log(
    `${atOnce} at the same time: median ratio over ${rounds} rounds ${median(ratios).toFixed(2)}${atOnce === 1 ? "" : " (goal: at least 2.5)"}`,
  );
}
await fairlead.close();
await dbos.close();
await storage.close();
