import { matrixCases, postgres, proves, requireService } from "@fairlead/test-support";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeEach, expect, test } from "vitest";
import { startCustomers } from "../stage/customers.ts";
import { expectDeployedOnce, expectWorkDoneOnce, readMessages, type Received } from "./support/evidence.ts";
import { dieDeploying, findKills, isCertain, nameOf, type Death, type Kill } from "./support/kills.ts";
import { startScene, type Scene } from "./support/scene.ts";
import { createStagePool } from "./support/stage-pool.ts";

/** How long a message may take, in milliseconds: what a dead process had in hand is given to nobody else for 20 s. */
const longestDelivery = 40_000;

/** What still travels when its sender dies arrives so long after somebody else has taken over, in milliseconds: a step's effects settle within 2 s. */
const lateArrival = 1_000;

const folder = join(tmpdir(), `kills-${process.pid}`);
const isWhole = process.env["FAIRLEAD_MATRIX"] === "full";
const scenes = createStagePool(isWhole ? 4 : 2, (index) =>
  startScene(join(folder, `${index}`), `shop-of-kill-test-${process.pid}-${index}`),
);

beforeEach((context) => {
  requireService(context, postgres);
});
afterAll(async () => {
  await scenes.stop();
  await rm(folder, { recursive: true, force: true });
});

test.concurrent(
  "whenever a deploying process is killed, recover finishes what it began, and nothing is done twice",
  { timeout: 40 * 60_000 },
  async (context) => {
    proves(context, "end to end", "I4", "I5", "I10");
    const kills = matrixCases(await scenes.use(findKills), { sample: 2 });

    const ends = await Promise.allSettled(kills.map((kill) => scenes.use((scene) => endsWell(scene, kill))));

    const problems = ends.flatMap((end, index) => (end.status === "rejected" ? [[nameOf(kills[index]!), end.reason]] : []));
    expect(problems).toEqual([]);
  },
);

test.concurrent("while a process deploys, another one is refused and told by whom and for how long", () =>
  scenes.use(async (scene) => {
    await scene.goBack();
    const since = Date.now();
    let pid = 0;
    const { promise: baking, resolve: bake } = Promise.withResolvers<string>();
    const running = scene.run(["deploy", "production"], {
      onStart: (started) => {
        pid = started;
      },
      onEvent: (event) => {
        if (event.type === "step.started" && event.data.step === "bake") bake(event.deploymentId);
      },
    });
    const deploymentId = await Promise.race([baking, running.then(({ problems }) => problems.join(" "))]);

    process.kill(pid, "SIGSTOP");
    try {
      await isRefused(
        scene,
        new RegExp(`^production is being deployed by .+ \\(process ${pid}\\) for \\d[^(]+ \\(deployment ${deploymentId}\\)\\.$`),
      );
    } finally {
      process.kill(pid, "SIGCONT");
    }

    expect(await running).toMatchObject({ exitCode: 0, problems: [] });
    expect(await expectDeployedOnce(scene, since)).toBe(deploymentId);
  }),
);

/** Deploys release 2 over release 1, kills the process, and holds what comes of it against what everybody has on record. */
async function endsWell(scene: Scene, kill: Kill): Promise<void> {
  await scene.goBack();
  const since = Date.now();
  const customers = scene.firstWorker === undefined ? undefined : await startCustomers(scene.world.database.url, 200);
  try {
    const death = await dieDeploying(scene, kill);
    if (isCertain(kill)) expect(death.struck).toBe(true);
    const wasRecorded = await recovers(scene, death);
    if (!wasRecorded) expect(await scene.run(["deploy", "production"])).toMatchObject({ exitCode: 0, problems: [] });
    const { missing, repeated } = await received(scene, await expectDeployedOnce(scene, since));
    expect(missing).toEqual([]);
    expect(repeated.webhook).toBe(0);
    expect(repeated.slack).toBeLessThanOrEqual(1);
    expect(repeated.email).toBeLessThanOrEqual(1);
  } finally {
    const done = await customers?.stop(5_000);
    if (done !== undefined) expectWorkDoneOnce(done);
  }
}

/** Answers whether there was a deployment in the journal. */
async function recovers(scene: Scene, death: Death): Promise<boolean> {
  const [left, ...earlier] = await scene.read("deployment", ["history", "production"]);
  const wasRecorded = earlier.length > 0;
  const isOpen = wasRecorded && left?.phase !== "succeeded";
  const recovery = await scene.run(["recover", "production"], {
    onEvent: ({ type }) => {
      if (type === "deployment.started") void sleep(lateArrival).then(() => death.arrive());
    },
  });
  await death.arrive();

  expect(recovery).toMatchObject({ exitCode: 0, problems: [] });
  expect(recovery.events.at(-1)).toEqual(isOpen ? expect.objectContaining({ type: "deployment.succeeded" }) : undefined);
  return wasRecorded;
}

/** Whoever wants to deploy something else meanwhile is told who is at it, and for how long. */
async function isRefused(scene: Scene, told: RegExp): Promise<void> {
  const { exitCode, problems } = await scene.runElsewhere(["deploy", "production"]);
  expect(problems[0]).toMatch(told);
  expect(exitCode).toBe(11);
}

/** What arrived about a deployment. What is still missing is left to those who recover later. */
async function received(scene: Scene, deploymentId: string): Promise<Received> {
  const until = Date.now() + longestDelivery;
  for (;;) {
    const messages = await readMessages(scene, deploymentId);
    if (messages.missing.length === 0 || Date.now() > until) return messages;
    await sleep(3_000);
    await scene.run(["recover", "production"]);
  }
}
