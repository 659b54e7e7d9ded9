import { createDeployer, definePlugin, image, sqliteStore } from "../../../src/index.js";
import { command, kubernetes } from "../../../src/steps/index.js";
import * as z from "zod";
import { targetInMemory } from "../../deployer/scene.js";

// `deploy-with-kubernetes.ts <deploy|recover> <folder> <program>`: deploys manifests in the folder, or goes on where another process was killed. Prints how it ended.
const [, , what, folder = "", program = ""] = process.argv;

const deployer = createDeployer({
  application: "shop",
  store: sqliteStore({ path: `${folder}/journal.db` }),
  plugins: [
    definePlugin({ id: "fake", provides: ["target"], options: z.strictObject({}), setup: () => ({ target: targetInMemory([]) }) })(),
    kubernetes({
      name: "k8s",
      manifests: `${folder}/app.yaml`,
      kubeconfig: `${folder}/kubeconfig`,
      workFolder: `${folder}/work`,
      program,
      grace: "200ms",
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
