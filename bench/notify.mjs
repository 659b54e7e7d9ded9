// What channels that are down cost a deployment: the quickstart's first release, by its command line, with all channels working, with all refusing connections and with all hanging, in turns.
// Prints started → ended by the journal, and how much later the command ended; then lets the channels work and waits for the messages.
// Run after `npm run build`, where PostgreSQL can be started: node bench/notify.mjs [rounds]
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildShop } from "../examples/quickstart/build.ts";
import { deliveriesIn } from "../examples/quickstart/stage/deliveries.ts";
import { runDeploy } from "../examples/quickstart/stage/run-deploy.ts";
import { startWorld } from "../examples/quickstart/stage/world.ts";

const rounds = Number(process.argv[2] ?? 20);
const example = join(import.meta.dirname, "../examples/quickstart");

async function findClosedPort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}

const folder = await mkdtemp(join(tmpdir(), "fairlead-bench-"));
const world = await startWorld({ folder, application: "shop-of-bench", worker: "never" });
const closedPort = await findClosedPort();
const { env, messages, mails } = world;
const refused = Object.fromEntries(
  ["SLACK_WEBHOOK_URL", "WEBHOOK_URL", "SMTP_URL"].map((name) => [name, Object.assign(new URL(env[name]), { port: closedPort }).href]),
);

/** A worker of the shop, until it is killed. */
const work = `
  import { environmentSecrets } from "@fairlead/core";
  import { deployer } from "./deploy.ts";
  deployer.useSecrets(environmentSecrets(process.env));
  await deployer.work();
`;

/** Deploys to an empty world. Milliseconds. */
async function deploy(weather) {
  await world.reset();
  await buildShop("1", world.release);
  if (weather === "hanging") {
    await messages.fault({ kind: "hang", every: true });
    await mails.fault({ kind: "hang", match: { operation: "smtp.connect" }, every: true });
  }
  const run = await runDeploy(["deploy", "production"], { env: { ...env, ...(weather === "refusing" ? refused : {}) } });
  const [started, ended] = ["deployment.started", "deployment.succeeded"].map((type) => run.events.find((event) => event.type === type));
  if (started === undefined || ended === undefined) throw new Error(`the deployment failed: ${run.problems.join(" ")}`);
  const endedAt = Date.parse(ended.at);
  return { took: endedAt - Date.parse(started.at), later: run.endedAt - endedAt };
}

const arrived = async () =>
  deliveriesIn(await messages.ledger(), await mails.ledger()).flatMap(({ at }) => Object.values(at).filter(Number)).length;

/** Lets the channels work, and answers how long it took a worker until all of the six messages had arrived, in milliseconds. */
async function deliver() {
  const before = await arrived();
  await Promise.all([messages.clearFaults(), mails.clearFaults()]);
  const begun = performance.now();
  const worker = spawn(process.execPath, ["--input-type=module", "--eval", work], {
    cwd: example,
    env: { ...process.env, ...env },
    stdio: "inherit",
  });
  try {
    while ((await arrived()) < 6) {
      if (performance.now() - begun > 120_000) throw new Error(`only ${await arrived()} messages have arrived`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return { before, took: performance.now() - begun };
  } finally {
    worker.kill("SIGKILL");
  }
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const seconds = (milliseconds) => `${(milliseconds / 1_000).toFixed(2)} s`;
const weathers = ["working", "refusing", "hanging"];
const runs = { working: [], refusing: [], hanging: [] };
try {
  await deploy("working");
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? weathers : [...weathers].reverse();
    for (const weather of order) runs[weather].push(await deploy(weather));
    const figures = weathers.map(
      (weather) => `${weather} ${seconds(runs[weather].at(-1).took)}, left ${seconds(runs[weather].at(-1).later)} later`,
    );
    console.log(`round ${round + 1}: ${figures.join("; ")}`);
  }
  const usual = median(runs.working.map(({ took }) => took));
  for (const weather of weathers) {
    const took = median(runs[weather].map(({ took }) => took));
    const later = runs[weather].map(({ later }) => later);
    console.log(
      `${weather}: started → ended ${seconds(took)} (median of ${rounds}), ratio ${(took / usual).toFixed(3)} (goal: at most 1.05); ` +
        `the command ended ${seconds(median(later))} later (median), ${seconds(Math.max(...later))} at most (goal: at most 5 s)`,
    );
  }
  for (const weather of ["refusing", "hanging"]) {
    await deploy(weather);
    const { before, took } = await deliver();
    console.log(`${weather}, then working: ${before} of 6 messages before, all of them ${seconds(took)} after a worker was started`);
  }
} finally {
  await world.stop();
  await rm(folder, { recursive: true });
}
