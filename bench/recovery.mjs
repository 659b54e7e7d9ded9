// How long it takes until somebody goes on when a process that deploys is killed (`kill -9`): real processes, real stores. Prints medians and maxima, in milliseconds. Run after `npm run build`:
// node bench/recovery.mjs [rounds] [--store sqlite | postgres] [--lease 15s] [--settle 500]
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startPostgres } from "../packages/testing/dist/postgres.js";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    store: { type: "string", default: "sqlite" },
    lease: { type: "string", default: "2s" },
    settle: { type: "string", default: "500" },
  },
});
const rounds = Number(positionals[0] ?? 10);
const lease = Number.parseFloat(values.lease) * 1_000;
const settle = Number(values.settle);

const folder = await mkdtemp(join(tmpdir(), "fairlead-bench-"));
const server = values.store === "postgres" ? await startPostgres({ settings: { fsync: "on" } }) : undefined;
let places = 0;
const newPlace = () => server?.createDatabase() ?? join(folder, `${++places}.db`);

const script = new URL("./recovery-process.mjs", import.meta.url).pathname;

/** A process, and what it says. `heard(event, nth)` resolves with the nth message of this kind. */
function start(what, place, env = {}) {
  const child = fork(script, [what, values.store, place], { env: { ...process.env, LEASE: values.lease, SETTLE: values.settle, ...env } });
  const messages = [];
  const waiting = new Set();
  const look = () => waiting.forEach((one) => one());
  child.on("message", (message) => {
    messages.push(message);
    look();
  });
  const gone = once(child, "exit").then(look);
  const heard = (event, nth = 1) =>
    new Promise((resolve, reject) => {
      const check = () => {
        const found = messages.filter((message) => message.event === event)[nth - 1];
        if (found === undefined && child.exitCode === null && child.signalCode === null) return;
        waiting.delete(check);
        if (found === undefined) reject(new Error(`a process ended and never said "${event}"`));
        else resolve(found);
      };
      waiting.add(check);
      check();
    });
  const kill = async () => {
    child.kill("SIGKILL");
    await gone;
  };
  return { heard, kill };
}

/** A deployment that is under way when its process is killed. */
async function killed(place, env) {
  const deploying = start("deploy", place, env);
  await deploying.heard("acts");
  return deploying;
}

/** From the kill until another live process, which can prove nothing of the one that is killed, has the deployment. */
async function takeOver() {
  const place = await newPlace();
  const deploying = await killed(place, { MACHINE: "elsewhere" });
  const live = start("work", place);
  await live.heard("begins");
  await new Promise((resolve) => setTimeout(resolve, 500 + Math.random() * 1_000));
  const at = Date.now();
  await deploying.kill();
  const { now } = await live.heard("has it");
  await live.kill();
  return now - at;
}

/** From the beginning of the process that is started again, without the settle of the step, until it acts: with Node.js itself and its modules, and without. */
async function restart() {
  const place = await newPlace();
  await (await killed(place)).kill();
  const again = start("work", place);
  const begun = await again.heard("begins");
  const acts = await again.heard("acts");
  await again.heard("succeeded");
  await again.kill();
  return { process: acts.now - begun.started - settle, work: acts.now - begun.now - settle };
}

/** After everything was killed: from the beginning of the next deployment until it has succeeded, what was left behind before it. */
async function next() {
  const place = await newPlace();
  await (await killed(place)).kill();
  const deploying = start("deploy-next", place);
  const begun = await deploying.heard("begins");
  const { now } = await deploying.heard("succeeded", 2);
  await deploying.kill();
  return now - begun.now - settle;
}

const figures = (times) => {
  const sorted = [...times].sort((one, other) => one - other);
  return { median: Math.round(sorted[Math.floor(sorted.length / 2)]), most: Math.round(sorted.at(-1)) };
};
const words = (times) => {
  const { median, most } = figures(times);
  return `median ${median} ms, at most ${most} ms`;
};

const taken = [];
const restarted = [];
const gone = [];
for (let round = 0; round < rounds; round += 1) {
  taken.push(await takeOver());
  restarted.push(await restart());
  gone.push(await next());
}
const goals = [
  { what: "another live process has it after kill -9, elsewhere", times: taken, goal: lease + 1_000, note: `a lease of ${values.lease}` },
  {
    what: "the same process, started again, acts",
    times: restarted.map((one) => one.process),
    goal: 500,
    note: `behind the settle of ${settle} ms; the start of Node.js counts`,
  },
  { what: "  of which since it has loaded its modules", times: restarted.map((one) => one.work) },
  {
    what: "the next deployment has succeeded after everything was killed",
    times: gone,
    note: `${rounds} of ${rounds} without a word by hand`,
  },
];
console.log(`${values.store}, ${rounds} rounds of real kills:`);
for (const { what, times, goal, note } of goals) {
  const limit = goal === undefined ? "" : ` (goal: at most ${goal} ms)`;
  console.log(`  ${what}: ${words(times)}${limit}${note === undefined ? "" : `; ${note}`}`);
}
await server?.stop();
await rm(folder, { recursive: true, force: true });
process.exitCode = goals.every(({ times, goal = Infinity }) => figures(times).most <= goal) ? 0 : 1;
