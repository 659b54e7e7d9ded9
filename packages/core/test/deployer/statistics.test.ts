import { expect, test } from "vitest";
import { createStage, person } from "./stage.js";

test("statistics are of what was done: waiting for people, a freeze, its turn or the end of a pause is left out", async () => {
  const stage = createStage({ approvals: {}, bake: "10s" });
  const { deployer, deploy, end, wait, health, clock } = stage;
  const first = await deploy("1");
  await wait(3_600_000);
  await deployer.approve({ deploymentId: first.id, actor: person("bea") });
  await wait(100);
  await deployer.pause({ deploymentId: first.id, actor: person("bea") });
  await wait(1_800_000);
  await deployer.resume({ deploymentId: first.id, actor: person("bea") });
  await end(first);
  const rejected = await deploy("2");
  await deployer.reject({ deploymentId: rejected.id, actor: person("bea") });
  const bad = await deploy("3");
  await deployer.approve({ deploymentId: bad.id, actor: person("bea") });
  while ((await bad.state()).steps["bake"]?.forward.status !== "started") await wait(50);
  health.live = "down";
  await end(bad);
  health.live = "up";
  const second = await deploy("4");
  await deployer.approve({ deploymentId: second.id, actor: person("bea") });
  await end(second);
  await end(await deployer.rollback({ environment: "development", actor: person("bea") }));
  const { environments, since } = await deployer.statistics();
  expect(since).toBe(new Date(clock.now() - 30 * 86_400_000).toISOString());
  expect(environments).toMatchObject([
    {
      environment: "development",
      deployments: 5,
      succeeded: 2,
      failed: 1,
      rollbacks: 1,
      neverBegan: 1,
      successRate: 2 / 3,
      changeFailureRate: 2 / 3,
      timeToRollback: { count: 2 },
    },
  ]);
  const [{ duration, waiting, timeToRollback }] = environments as never as [(typeof environments)[0] & object];
  expect(duration.p90).toBeGreaterThan(10_000);
  expect(duration.p90).toBeLessThan(20_000);
  expect(waiting.p90).toBeGreaterThan(3_600_000 + 1_790_000);
  expect(timeToRollback.p90).toBeLessThan(5_000);
  await deployer.close();
});

test("a period ends where it ends", async () => {
  const { deployer, deploy, end, wait } = createStage();
  await end(await deploy("1"));
  await wait(40 * 86_400_000);
  await end(await deploy("2"));
  expect((await deployer.statistics()).environments).toMatchObject([{ deployments: 1 }]);
  expect((await deployer.statistics({ since: "41d" })).environments).toMatchObject([{ deployments: 2 }]);
  expect((await deployer.statistics({ since: "41d", environment: "development" })).environments).toMatchObject([{ deployments: 2 }]);
  await deployer.close();
}, 180_000);
