// What 10,000 deployments cost that wait, each in an environment of its own, in one process: memory, processor and timers. Goals: 250 MB, 1 %, one timer beside that of the store,
// which looks for what other processes write, whoever waits for it. Run after `npm run build`:
// Beginning so many in one go makes V8 give its young generation all the room that it may have (128 MB in Node.js 24), and it keeps that for a while: memory is measured before and after it gave back what nobody uses.
// node --expose-gc bench/waiting.mjs [deployments] [--for approval | timer] [--store sqlite | postgres]
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { getHeapSpaceStatistics } from "node:v8";
import { createDeployer, image } from "../packages/core/dist/index.js";
import { nothing } from "./nothing.mjs";
import { openStorage } from "./storage.mjs";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { for: { type: "string", default: "approval" }, store: { type: "string", default: "sqlite" } },
});
const count = Number(positionals[0] ?? 10_000);
const watched = 20_000;
const goals = { memory: 250, processor: 1, timers: 1 };

const storage = await openStorage(values.store);
const store = await storage.createStore();
const inDays = (days) => new Date(Date.now() + days * 86_400_000).toISOString();
const freeze = { reason: "a summer break", from: inDays(0), to: inDays(20) };
const waits = values.for === "approval" ? { approvals: { required: 1, expiresAfter: "25d" } } : { freezes: [freeze] };
const deployer = createDeployer({
  application: "bench",
  store,
  plugins: [nothing()],
  environments: { preview: { template: true, target: "nothing", verify: { successes: 1 }, ...waits } },
});

const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
const memory = () => process.memoryUsage.rss() / 2 ** 20;
/** What V8 does itself where memory is short. */
const giveBack = () => globalThis.gc?.({ type: "major", execution: "sync", flavor: "last-resort" });
const youngGeneration = () => {
  const found = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
  return (found?.physical_space_size ?? 0) / 2 ** 20;
};

// Whoever follows a store has it look out for others.
const following = new AbortController();
const followed = store.watch({ prefix: "nothing", signal: following.signal }).next();
await sleep(1_000);
const timersBefore = timers();

giveBack();
const before = memory();
const liveBefore = process.memoryUsage().heapUsed / 2 ** 20;
const begun = performance.now();
let next = 0;
const begin = async () => {
  while (next < count) {
    next += 1;
    await deployer.deploy({ environment: `preview/pr-${next}`, source: image(`bench:${next}`) });
  }
};
await Promise.all(Array.from({ length: 20 }, begin));
const took = performance.now() - begun;

// Until all do nothing but wait.
for (let quiet = 0; quiet < 3;) {
  const { items } = await store.list({ prefix: "deployment/bench/", where: { open: true, asleep: false }, limit: 1 });
  quiet = items.length === 0 ? quiet + 1 : 0;
  await sleep(1_000);
}
await sleep(3_000);
const used = process.cpuUsage();
await sleep(watched);
const { user, system } = process.cpuUsage(used);
const processor = (user + system) / 1_000 / watched / 0.01;
const raw = { memory: memory(), young: youngGeneration() };
const timersFound = timers() - timersBefore;
giveBack();
const found = { memory: memory(), processor, timers: timersFound };
console.log(`${count} deployments that wait for ${values.for}, ${values.store}; begun in ${(took / 1_000).toFixed(1)} s`);
const live = process.memoryUsage().heapUsed / 2 ** 20;
console.log(
  `  memory     ${found.memory.toFixed(0)} MB, ${live.toFixed(0)} MB of it in use: ${(((live - liveBefore) * 2 ** 20) / count).toFixed(0)} bytes each (before: ${before.toFixed(0)} MB; goal: ${goals.memory} MB)`,
);
console.log(
  `             ${raw.memory.toFixed(0)} MB before V8 gave back what nobody uses, ${raw.young.toFixed(0)} MB of it for its young generation`,
);
console.log(`  processor  ${found.processor.toFixed(2)} % over ${watched / 1_000} s (goal: ${goals.processor} %)`);
console.log(`  timers     ${found.timers} (goal: ${goals.timers}), and ${timersBefore} of the store, which was there before`);
following.abort("nobody follows any more");
await followed;
await deployer.close({ within: "0s" });
await storage.close();
process.exitCode = Object.keys(goals).every((name) => found[name] <= goals[name]) ? 0 : 1;
