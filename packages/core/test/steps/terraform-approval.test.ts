import { appendFile, mkdir } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { image, type Actor } from "../../src/index.js";
import { terraform } from "../../src/steps/index.js";
import { createScene } from "../deployer/scene.js";
import { temporaryFolder, terraformPrograms, writeInfrastructure } from "./support/terraform-programs.js";

const bea: Actor = { name: "bea", via: "cli" };

/** A deployer whose infrastructure people have to agree to. */
async function createStage(program: string) {
  const home = temporaryFolder();
  const folder = join(home, "infra");
  await mkdir(folder);
  await writeInfrastructure(folder, { resources: { queue: { does: "echo made >> ../effects" } } });
  const infra = terraform({
    name: "infra",
    folder,
    program,
    workFolder: join(home, "work"),
    approval: { required: 1, expiresAfter: "2d" },
  });
  const scene = createScene({ plugins: [infra] });
  const deploy = (release: string) =>
    scene.deployer.deploy({ environment: "development", source: image(`shop@sha256:${release.repeat(64)}`) });
  const asked = async () => (await scene.deployer.status("development")).running?.waiting ?? [];
  return { ...scene, deploy, asked, isMade: () => existsSync(join(home, "effects")) };
}

describe.for(terraformPrograms)("with $name", ({ program }) => {
  test(
    "the plan waits for somebody to agree to it, is applied before anything is prepared, and without changes nobody is asked",
    { timeout: 180_000 },
    async () => {
      const { deployer, deploy, asked, isMade, effects } = await createStage(program);
      const deployment = await deploy("1");
      await vi.waitFor(async () => {
        expect(await asked()).toMatchObject([
          {
            step: "infra.apply.approval",
            reason: "0 of 1 have agreed to: 1 to add, 0 to change, 0 to destroy",
            summary: ["1 to add, 0 to change, 0 to destroy", "+ terraform_data.queue"],
          },
        ]);
      }, 180_000);
      expect(isMade()).toBe(false);
      expect(effects).toEqual([]);
      await deployer.approve({ deploymentId: deployment.id, actor: bea });
      expect(await deployment.result()).toMatchObject({ phase: "succeeded" });
      expect(isMade()).toBe(true);
      expect(await (await deploy("2")).result()).toMatchObject({ phase: "succeeded" });
      await deployer.close();
    },
  );

  test("another file than the one that was agreed to is not applied", { timeout: 180_000 }, async () => {
    const { deployer, deploy, asked, isMade } = await createStage(program);
    const deployment = await deploy("1");
    await vi.waitFor(async () => {
      expect(await asked()).toHaveLength(1);
    }, 180_000);
    const planned = (await deployment.state()).steps["infra.plan"]?.forward;
    const { file } = z.object({ output: z.object({ file: z.string() }) }).parse(planned).output;
    await appendFile(file, " ");
    await deployer.approve({ deploymentId: deployment.id, actor: bea });
    expect(await deployment.result()).toMatchObject({ phase: "rolled_back", error: { code: "TERRAFORM_PLAN_CHANGED" } });
    expect(isMade()).toBe(false);
    await deployer.close();
  });
});
