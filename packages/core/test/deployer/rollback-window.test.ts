import { expect, test } from "vitest";
import { createStage, person, type Stage } from "./stage.js";

const environment = "development";
const day = 86_400_000;

async function deployAll({ deploy, end, wait }: Stage, releases: readonly string[], apart: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const release of releases) {
    ids.push((await end(await deploy(release))).release);
    await wait(apart);
  }
  return ids;
}

test("a rollback goes at most as many releases back as the window has", async () => {
  const stage = createStage({ retain: 5, rollback: { releases: 2 } });
  const { deployer, end } = stage;
  const [, first = "", second = "", third = ""] = await deployAll(stage, ["1", "2", "3", "4", "5"], 0);
  const refused = deployer.rollback({ environment, to: first });
  await expect(refused).rejects.toMatchObject({ code: "ROLLBACK_OUTSIDE_WINDOW", data: { release: first, choices: [third, second] } });
  await expect(refused).rejects.toThrow("it is 3 releases back, and at most 2 are allowed");
  const { rollbackTargets } = await deployer.status(environment);
  expect(rollbackTargets.map(({ release, retained, outside }) => [release, retained, outside === null])).toMatchObject([
    [third, true, true],
    [second, true, true],
    [first, true, false],
    [expect.any(String), true, false],
  ]);
  expect(await end(await deployer.rollback({ environment, to: second, actor: person("bea") }))).toMatchObject({ release: second });
  await deployer.close();
});

test("a rollback goes to what has served within the window, however long ago that began to serve", async () => {
  const stage = createStage({ rollback: { within: "7d" } });
  const { deployer, end, wait } = stage;
  const [old = "", long = ""] = await deployAll(stage, ["1", "2"], 30 * day);
  await deployAll(stage, ["3"], day);
  await expect(deployer.rollback({ environment, to: old })).rejects.toMatchObject({
    code: "ROLLBACK_OUTSIDE_WINDOW",
    data: { reason: expect.stringContaining("it last served") as string, choices: [long] },
  });
  await wait(day);
  expect(await end(await deployer.rollback({ environment }))).toMatchObject({ phase: "succeeded", release: long });
  await wait(30 * day);
  await expect(deployer.rollback({ environment })).rejects.toMatchObject({ code: "ROLLBACK_OUTSIDE_WINDOW", data: { choices: [] } });
  await deployer.close();
}, 180_000);

test("status and the events say until where a deployment can be taken back by itself", async () => {
  const stage = createStage({ bake: "1m" });
  const { deployer, deploy, end, wait } = stage;
  const first = await deploy("1");
  await wait(100);
  const closes = { step: "web.promote", position: 4 };
  expect((await deployer.status(environment)).running?.wayBack).toEqual({ open: true, closes, asks: [], steps: 5 });
  await wait(5_000);
  expect((await deployer.status(environment)).running?.wayBack).toEqual({ open: false, closes, asks: [], steps: 5 });
  await end(first);
  const summaries: string[] = [];
  for await (const { summary } of first.events()) summaries.push(summary);
  expect(summaries).toContain("has development to itself; it can be taken back by itself until web.promote, step 4 of 5");
  expect(summaries).toContain("web.promote: make the new web serve; from here on a failure stops and asks a person");
  const second = await deploy("2");
  await wait(5_000);
  expect((await deployer.status(environment)).running?.wayBack).toEqual({ open: true, closes: null, asks: [], steps: 5 });
  await end(second);
  expect((await deployer.status(environment)).running).toBeNull();
  await deployer.close();
});
