import type { ComponentReference, DeployTarget } from "@fairlead/core";
import { targetSuite, type TargetFixture } from "@fairlead/testing/conformance";
import { createVercelEmulator } from "@fairlead/testing/emulators";
import { describe, test } from "vitest";
import { setUpPlugin } from "./support/plugin.js";
import { component, createSite } from "./support/site.js";

async function createFixture(environment: string): Promise<TargetFixture> {
  const emulator = await createVercelEmulator({
    projects: [{ name: "shop", domains: ["shop.example", "www.shop.example"] }],
    settings: { build: "10ms", move: "10ms" },
  }).listen();
  const again = async (about?: ComponentReference): Promise<DeployTarget> =>
    (await setUpPlugin({ apiUrl: emulator.url, fetch: emulator.fetch }, { environment: about?.environment ?? environment })).target;
  /** The name below `vercel.app` that shows a preview environment, as its documentation gives it. */
  const own = new RegExp(`^shop-${environment}-[0-9a-f]{8}\\.vercel\\.app$`);
  return {
    target: await again(),
    again,
    component: { ...component, environment },
    artifact: (version) => createSite({ "index.html": `version ${String(version)}`, "health.json": '{"status":"healthy"}' }),
    brokenArtifact: async () => {
      await emulator.configure({ buildOutcome: "ERROR" });
      return createSite({ "index.html": "broken" });
    },
    witness: {
      async serving() {
        const { projects, deployments } = await emulator.state();
        const domains =
          environment === "production"
            ? Object.values(projects[0]?.domains ?? {})
            : (await emulator.ledger()).effects
                .flatMap(({ kind, subject, details }) => (kind === "alias.assigned" && own.test(subject) ? [details["deploymentId"]] : []))
                .slice(-1);
        const shown = deployments.filter(({ id }) => domains.includes(id)).map(({ meta }) => meta["fairleadRelease"] ?? "unknown");
        return [...new Set(shown)];
      },
      candidates: async () => (await emulator.state()).deployments.filter(({ deleted }) => !deleted).length,
    },
    dispose: () => emulator.stop(),
  };
}

describe.each(["production", "staging"])("in an environment %s", (environment) => {
  targetSuite(
    { test, describe },
    {
      create: () => createFixture(environment),
      patience: "60s",
      skip: { "another component is left alone": "a project serves one component, and a deployer refuses a second one in it" },
    },
  );
});
