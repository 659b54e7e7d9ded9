import { expect, test } from "vitest";
import type { Deployment, Explanation } from "../../src/index.js";
import { explanationLines } from "../../src/cli/render/explanation.js";
import { createOutput } from "../../src/cli/output.js";
import { readJsonLines } from "../cli/json-line-schema.js";
import { runCommand } from "../cli/run-command.js";
import { CapturedStream } from "../cli/test-streams.js";
import { targetInMemory, type SceneOptions } from "./scene.js";
import { createStage, numbered, person, type Stage } from "./stage.js";

const stream = new CapturedStream({});
const guarded = { write: () => undefined } as never;
const output = createOutput({
  json: false,
  color: false,
  env: {},
  terminal: stream,
  isErrorTerminal: false,
  stdout: guarded,
  stderr: guarded,
});

async function explained({ deployer }: Stage, { id }: Pick<Deployment, "id">): Promise<Explanation> {
  const explanation = await deployer.explain(id);
  // What is told is data: it says the same after a way through JSON.
  expect(JSON.parse(JSON.stringify(explanation))).toEqual(explanation);
  return explanation;
}

async function told(stage: Stage, deployment: Pick<Deployment, "id">): Promise<string> {
  const explanation = JSON.parse(numbered(JSON.stringify(await explained(stage, deployment)))) as Explanation;
  return explanationLines(explanation, output, (command) => `deploy.ts ${command}`).join("\n");
}

test("one that succeeded, after two people had agreed", async () => {
  const stage = createStage({ approvals: { required: 2 }, bake: "10s" });
  const { deployer, deploy, wait, end } = stage;
  const first = await deploy("1");
  for (const name of ["bea", "cleo"]) await deployer.approve({ deploymentId: first.id, actor: person(name) });
  await end(first);
  const second = await deploy("2");
  await wait(3 * 3_600_000);
  await deployer.approve({ deploymentId: second.id, actor: person("bea"), reason: "looks right" });
  await wait(600_000);
  await deployer.approve({ deploymentId: second.id, actor: person("cleo") });
  await end(second);
  expect(await told(stage, second)).toMatchSnapshot();
  expect(await explained(stage, second)).toMatchObject({ duration: { waited: { people: 11_400_000, queue: 0 } } });
  expect((await explained(stage, first)).serving).toContain("which came later");
  await deployer.close();
});

test("one that took itself back", async () => {
  const stage = createStage({ bake: "10s" });
  const { deployer, deploy, end, health } = stage;
  await end(await deploy("1"));
  const bad = await deploy("2");
  while ((await bad.state()).steps["bake"]?.forward.status !== "started") await stage.wait(50);
  health.live = "down";
  await end(bad);
  expect(await told(stage, bad)).toMatchSnapshot();
  await deployer.close();
});

test("one that somebody stopped", async () => {
  const stage = createStage({ bake: "10m" });
  const { deployer, deploy, wait, end } = stage;
  await end(await deploy("1"));
  const stopped = await deploy("2");
  await wait(60_000);
  await deployer.abort({ deploymentId: stopped.id, actor: person("bea"), reason: "the numbers are odd" });
  await end(stopped);
  expect(await told(stage, stopped)).toMatchSnapshot();
  await deployer.close();
});

test("one that was paused, and of which a person left the bake", async () => {
  const stage = createStage({ bake: "2h" });
  const { deployer, deploy, wait, end } = stage;
  const deployment = await deploy("1");
  await deployer.pause({ deploymentId: deployment.id, actor: person("bea"), reason: "let me see" });
  await wait(900_000);
  expect((await explained(stage, deployment)).summary).toBe("bea paused it: let me see.");
  await deployer.resume({ deploymentId: deployment.id, actor: person("bea") });
  await wait(30_000);
  await deployer.advance({ deploymentId: deployment.id, actor: person("bea"), reason: "good enough" });
  await end(deployment);
  // The bake was left, and nothing failed.
  expect(await explained(stage, deployment)).toMatchObject({ failures: [] });
  const { store } = stage;
  expect((await store.read(`deployment/shop/${deployment.id}`)).map(({ type }) => type)).not.toContain("step.failed");
  expect(await told(stage, deployment)).toMatchSnapshot();
  await deployer.close();
});

test("one of which a step was tried again", async () => {
  let promotes = 0;
  const target: NonNullable<SceneOptions["target"]> = (effects) => {
    const good = targetInMemory(effects);
    return {
      ...good,
      promote: async (request, call) => {
        promotes += 1;
        if (promotes === 2) throw new Error("the line was cut");
        return good.promote(request, call);
      },
    };
  };
  const stage = createStage({ bake: "1s" }, { target });
  const { deployer, deploy, end } = stage;
  await end(await deploy("1"));
  const deployment = await deploy("2");
  await end(deployment);
  expect(await told(stage, deployment)).toMatchSnapshot();
  await deployer.close();
});

test("one that needs attention, and was given up", async () => {
  const stage = createStage({ bake: "10s" });
  const { deployer, deploy, end, health, wait } = stage;
  const bad = await deploy("1");
  health.live = "down";
  await end(bad);
  expect(await told(stage, bad)).toMatchSnapshot("needs attention");
  await wait(7_200_000);
  await deployer.abandon({ deploymentId: bad.id, actor: person("lea"), reason: "we mend it by hand" });
  expect(await told(stage, bad)).toMatchSnapshot("given up");
  await deployer.close();
});

test("those that never began: rejected, expired, cancelled, and one that waits for people", async () => {
  const stage = createStage({ approvals: { expiresAfter: "25d" } });
  const { deployer, deploy, wait } = stage;
  const rejected = await deploy("1");
  expect(await told(stage, rejected)).toMatchSnapshot("awaiting approval");
  await deployer.reject({ deploymentId: rejected.id, actor: person("bea"), reason: "not today" });
  expect(await told(stage, rejected)).toMatchSnapshot("rejected");
  const cancelled = await deploy("2");
  await deployer.abort({ deploymentId: cancelled.id, actor: person("ada"), reason: "the wrong one" });
  expect(await told(stage, cancelled)).toMatchSnapshot("cancelled");
  const expired = await deploy("3");
  await wait(25 * 86_400_000 + 1_000);
  expect(await told(stage, expired)).toMatchSnapshot("expired");
  await deployer.close();
}, 180_000);

test("one that a newer one superseded, and one that a freeze held", async () => {
  const stage = createStage({ queue: "supersede", bake: "2s" });
  const { deployer, deploy, end, wait } = stage;
  const [running, older, newest] = [await deploy("1"), await deploy("2"), await deploy("3")];
  await end(older);
  expect(await told(stage, older)).toMatchSnapshot("superseded");
  await end(running);
  await end(newest);
  await deployer.freeze({ environment: "development", reason: "the fair", actor: person("lea") });
  const held = await deploy("4");
  await wait(3_600_000);
  expect(await told(stage, held)).toMatchSnapshot("held");
  await deployer.release({ deploymentId: held.id, actor: person("bea"), reason: "mends the checkout" });
  await end(held);
  expect(await told(stage, held)).toMatchSnapshot("released");
  await deployer.close();
});

test("one that had nothing to do, one that failed before anything was done, and a rollback", async () => {
  const stage = createStage();
  const { deployer, deploy, end, health } = stage;
  await end(await deploy("1"));
  await end(await deploy("2"));
  const unchanged = await deploy("2");
  await end(unchanged);
  expect(await told(stage, unchanged)).toMatchSnapshot("unchanged");
  health.live = "up";
  const back = await deployer.rollback({ environment: "development", actor: person("bea"), reason: "checkout fails" });
  await end(back);
  expect(await told(stage, back)).toMatchSnapshot("rollback");
  health.candidate = "down";
  const failed = await deploy("3");
  await end(failed);
  expect(await told(stage, failed)).toMatchSnapshot("rolled back before anything served");
  await deployer.close();
});

test("what is not there cannot be told", async () => {
  const { deployer } = createStage();
  await expect(deployer.explain("dep_nothing")).rejects.toMatchObject({ code: "DEPLOYMENT_UNKNOWN" });
  await deployer.close();
});

test("the command tells it as a JSON line, and what it is about", async () => {
  const stage = createStage();
  const deployment = await stage.deploy("1");
  expect(await stage.end(deployment)).toMatchObject({ previousRelease: null });
  const lines = readJsonLines((await runCommand(stage.deployer, "explain development --json")).stdout);
  expect(lines.map(({ type }) => type)).toEqual(["prelude", "explanation", "summary"]);
  expect(lines[1]).toMatchObject({ explanation: { deploymentId: deployment.id, phase: "succeeded" } });
  expect(lines[2]).toMatchObject({ deployments: [deployment.id] });
});
