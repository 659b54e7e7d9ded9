import { expect, test } from "vitest";
import { image, type Actor } from "../../src/index.js";
import { memoryStore, type Store } from "../../src/index.js";
import { foldEnvironment } from "../../src/engine/environment-journal.js";
import { readJsonLines } from "../cli/json-line-schema.js";
import { runCommand } from "../cli/run-command.js";
import { createTestClock } from "../cli/test-clock.js";
import { createStage, person, type Stage } from "./stage.js";

const robot: Actor = { name: "nightly", via: "schedule" };
const environment = "development";

async function rolledBack(options: Parameters<typeof createStage>[0] = {}): Promise<Stage> {
  const stage = createStage(options);
  for (const release of ["1", "2"]) await stage.end(await stage.deploy(release));
  await stage.end(await stage.deployer.rollback({ environment, actor: person("bea"), reason: "checkout fails" }));
  return stage;
}

const changesOf = async ({ store }: Stage): Promise<readonly string[]> =>
  (await store.read("environment/shop/development")).map(({ type }) => type);

test("after a rollback nothing that began by itself is deployed; what a person asks for is, and ends the pin", async () => {
  const stage = await rolledBack();
  const { deployer, deploy, end, effects } = stage;
  const before = effects.length;
  const refusal = { code: "ENVIRONMENT_PINNED", data: { actor: "bea", reason: "checkout fails" } };
  await expect(deploy("3", robot)).rejects.toMatchObject(refusal);
  await expect(deploy("3", { name: "kuma", via: "automatic" })).rejects.toMatchObject(refusal);
  const source = image(`shop@sha256:${"3".repeat(64)}`);
  await expect(deployer.deploy({ environment, source, actor: person("ci"), automatic: true })).rejects.toMatchObject(refusal);
  expect(effects).toHaveLength(before);
  expect((await deployer.status(environment)).pin).toMatchObject({ actor: "bea", reason: "checkout fails" });
  expect(await end(await deploy("3"))).toMatchObject({ phase: "succeeded" });
  expect((await deployer.status(environment)).pin).toBeNull();
  expect(await end(await deploy("4", robot))).toMatchObject({ phase: "succeeded" });
  expect(await changesOf(stage)).toEqual([
    "environment.changed",
    "environment.changed",
    "environment.changed",
    "environment.pinned",
    "environment.changed",
    "environment.unpinned",
    "environment.changed",
  ]);
  await deployer.close();
});

test("the pin is in the journal: what is read quickly equals the fold over it", async () => {
  const stage = await rolledBack();
  const stream = "environment/shop/development";
  const [kept] = (await stage.store.list({ prefix: stream })).items;
  expect(foldEnvironment(stream, await stage.store.read(stream))).toEqual(kept?.summary);
  expect(kept?.summary["pin"]).toMatchObject({ actor: { name: "bea" } });
  await stage.deployer.close();
});

test("a deployment that was asked for explicitly and failed leaves the pin", async () => {
  const { deployer, deploy, end, health } = await rolledBack();
  health.candidate = "down";
  expect(await end(await deploy("3"))).toMatchObject({ phase: "rolled_back" });
  expect((await deployer.status(environment)).pin).not.toBeNull();
  await deployer.close();
});

test("something automatic may say that it is explicit, and a person may end the pin without a deployment", async () => {
  const { deployer, deploy, end } = await rolledBack();
  const source = image(`shop@sha256:${"3".repeat(64)}`);
  expect(await end(await deployer.deploy({ environment, source, actor: robot, unpin: true }))).toMatchObject({ phase: "succeeded" });
  await end(await deployer.rollback({ environment, actor: person("bea") }));
  await deployer.unpin({ environment, actor: person("lea"), reason: "mended" });
  expect(await end(await deploy("4", robot))).toMatchObject({ phase: "succeeded" });
  await deployer.close();
});

test("what waited already when somebody rolled back is held, until a person lets it begin", async () => {
  const stage = createStage({ approvals: {} });
  const { deployer, deploy, end, wait } = stage;
  for (const release of ["1", "2"]) {
    const deployment = await deploy(release);
    await deployer.approve({ deploymentId: deployment.id, actor: person("bea") });
    await end(deployment);
  }
  const waiting = await deploy("3");
  await wait(1_000);
  await end(await deployer.rollback({ environment, actor: person("bea") }));
  await deployer.approve({ deploymentId: waiting.id, actor: person("cleo") });
  await wait(5_000);
  expect(await waiting.state()).toMatchObject({ phase: "held", hold: { reason: expect.stringContaining("bea rolled back to") as string } });
  await deployer.release({ deploymentId: waiting.id, actor: person("bea"), reason: "it is the mend" });
  expect(await end(waiting)).toMatchObject({ phase: "succeeded" });
  await deployer.close();
});

test("a freeze, or the end of a pin, in the middle of a deployment does not keep it from its end", async () => {
  const { deployer, deploy, end, wait } = await rolledBack({ bake: "1m" });
  const deployment = await deploy("3");
  await wait(5_000);
  await deployer.freeze({ environment, reason: "the fair", actor: person("lea") });
  await deployer.unpin({ environment, actor: person("lea") });
  expect(await end(deployment)).toMatchObject({ phase: "succeeded" });
  expect((await deployer.status(environment)).freeze).not.toBeNull();
  await deployer.close();
});

test("the command line: a job of a CI system is refused and told how, and unpin says so", async () => {
  const clock = createTestClock();
  const store: Store = { ...memoryStore({ clock }), close: () => Promise.resolve() };
  const stage = createStage({}, { clock, store });
  for (const release of ["1", "2"]) await stage.end(await stage.deploy(release));
  await stage.end(await stage.deployer.rollback({ environment, actor: person("bea"), reason: "checkout fails" }));
  const status = await runCommand(createStage({}, { clock, store }).deployer, "status", { clock });
  expect(status.stdout).toContain("pinned    bea rolled back to rel_");
  const json = await runCommand(createStage({}, { clock, store }).deployer, "status --json", { clock });
  expect(readJsonLines(json.stdout)[1]).toMatchObject({ status: { pin: { actor: "bea" }, rollbackTargets: [{ outside: null }] } });
  const unpin = await runCommand(createStage({}, { clock, store }).deployer, "unpin", { clock });
  expect(unpin).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("development is no longer pinned.") as string });
  expect((await createStage({}, { clock, store }).deployer.status(environment)).pin).toBeNull();
});
