import { existsSync } from "node:fs";
import * as z from "zod";
import { createDeployer, definePlugin, image, sqliteStore } from "../../../src/index.js";
import { command, terraform } from "../../../src/steps/index.js";
import { targetInMemory } from "../../deployer/scene.js";

// `deploy-with-terraform.ts <deploy|recover> <folder> <program> <allow?>`: deploys with infrastructure in the folder, or goes on where another process was killed. Prints how it ended.
const [, , what, folder = "", program = "", allow] = process.argv;

const deployer = createDeployer({
  application: "shop",
  store: sqliteStore({ path: `${folder}/journal.db` }),
  plugins: [
    definePlugin({ id: "fake", provides: ["target"], options: z.strictObject({}), setup: () => ({ target: targetInMemory([]) }) })(),
    terraform({
      name: "infra",
      folder: `${folder}/infra`,
      program,
      workFolder: `${folder}/work`,
      grace: "2s",
      outputs: ["name"],
      allowDestroy: allow === "allow",
      ...(existsSync(`${folder}/previous`) ? { previous: `${folder}/previous` } : {}),
    }),
    command({
      name: "proof",
      stage: "verify",
      run: ["test", "!", "-e", `${folder}/fail`],
      idempotency: "natural",
      reversibility: "leave",
    }),
  ],
  environments: { development: { target: "fake", source: image("shop:1"), timeouts: { settle: "0s" } } },
});
const deployments = what === "deploy" ? [await deployer.deploy({ environment: "development" })] : (await deployer.recover()).deployments;
for (const deployment of deployments) console.log((await deployment.result()).phase);
await deployer.close();
