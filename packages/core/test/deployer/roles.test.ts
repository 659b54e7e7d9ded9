import { expect, test } from "vitest";
import * as z from "zod";
import { createFakeTarget } from "@fairlead/testing";
import { createDeployer, definePlugin, image, memoryStore, type Deployer } from "../../src/index.js";

const target = createFakeTarget({ roles: ["worker"] });
const yard = definePlugin({ id: "yard", provides: ["target"], options: z.strictObject({}), setup: () => ({ target }) });

function deployerWith(role?: "worker"): Deployer<"development"> {
  const source = image(`shop@sha256:${"1".repeat(64)}`);
  return createDeployer({
    application: "shop",
    store: memoryStore(),
    plugins: [yard()],
    environments: { development: { components: { jobs: { target: "yard", source, ...(role === undefined ? {} : { role }) } } } },
  });
}

const problem = {
  place: "environments.development.components.jobs.role",
  problem: 'is "web", and yard runs only "worker".',
  remedy: 'Say `role: "worker"` if that is what it is, or name another target.',
};

test.for(["plan", "deploy", "adopt"] as const)("%s refuses a component that its target cannot run", async (command) => {
  await using deployer = deployerWith();
  const refused: unknown = await deployer[command]({ environment: "development" }).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: "CONFIGURATION_INVALID", data: { problems: [problem] } });
  expect(target.provider.effects).toEqual([]);
});

test("doctor says which component its target cannot run", async () => {
  await using deployer = deployerWith();
  expect(await deployer.doctor("development")).toMatchObject({ healthy: false, problems: [problem] });
  await using mended = deployerWith("worker");
  expect(await mended.doctor("development")).toMatchObject({ healthy: true, problems: [] });
});
