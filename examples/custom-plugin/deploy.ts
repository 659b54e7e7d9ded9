import { createDeployer, directory } from "@fairlead/core";
import { runCli } from "@fairlead/core/cli";
import { folders } from "./folders.ts";

const deployer = createDeployer({
  application: "site",
  plugins: [folders({ root: "served" })],
  environments: { development: { target: "folders", source: directory("site") } },
});

await runCli(deployer);
