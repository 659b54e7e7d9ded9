import { createDeployer, definePlugin, image, sqliteStore } from "../../../src/index.js";
import { command } from "../../../src/steps/index.js";
import * as z from "zod";
import { targetInMemory } from "../../deployer/scene.js";

// `deploy-with-commands.ts <deploy|recover> <folder> <kind> <fails?>`: deploys with a command in the folder, or goes on where another process was killed. Prints how it ended.
const [, , what, folder = "", kind = "natural", fails] = process.argv;

const options = {
  stage: "provision",
  cwd: folder,
  run: ["/bin/sh", "act.sh"],
  grace: "200ms",
  reversibility: "undo",
  undo: ["/bin/sh", "undo.sh"],
} as const;
const deployer = createDeployer({
  application: "shop",
  store: sqliteStore({ path: `${folder}/journal.db` }),
  plugins: [
    definePlugin({ id: "fake", provides: ["target"], options: z.strictObject({}), setup: () => ({ target: targetInMemory([]) }) })(),
    kind === "none"
      ? command({ name: "assets", ...options, idempotency: "none", observe: ["test", "-e", "effects"] })
      : command({ name: "assets", ...options, idempotency: kind === "keyed" ? "keyed" : "natural" }),
    command({
      name: "proof",
      stage: "verify",
      run: [fails === "fails" ? "false" : "true"],
      idempotency: "natural",
      reversibility: "leave",
    }),
  ],
  environments: { development: { target: "fake", source: image("shop:1"), timeouts: { settle: "0s" } } },
});
const deployments = what === "deploy" ? [await deployer.deploy({ environment: "development" })] : (await deployer.recover()).deployments;
for (const deployment of deployments) console.log((await deployment.result()).phase);
await deployer.close();
