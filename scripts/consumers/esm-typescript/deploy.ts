import assert from "node:assert/strict";
import {
  createDeployer,
  definePlugin,
  directory,
  image,
  isFairleadError,
  memoryStore,
  secret,
  type DeploymentResult,
} from "@fairlead/core";
import { runCli } from "@fairlead/core/cli";
import { createHealth, defineCheck, toNodeHandler } from "@fairlead/core/health";
import { docker } from "@fairlead/plugin-docker";
import { email, slack, webhook } from "@fairlead/plugin-notify";
import { postgres } from "@fairlead/plugin-postgres";
import { vercel } from "@fairlead/plugin-vercel";
import { createFakeTarget } from "@fairlead/testing";
import { createServer } from "node:http";
import * as z from "zod";

const target = createFakeTarget();
const fake = definePlugin({ id: "fake", provides: ["target"], options: z.strictObject({}), setup: () => ({ target }) });

const application = {
  application: "shop",
  store: memoryStore(),
  plugins: [
    fake(),
    vercel({ project: "shop", token: secret("VERCEL_TOKEN"), health: { path: "/health.json" } }),
    postgres({ url: secret("DATABASE_URL"), migrations: "migrations" }),
    docker({ components: { worker: { stopTimeout: "30s" } } }),
    slack({ webhook: secret("SLACK_URL") }),
    email({ url: secret("SMTP_URL"), from: "deploy@shop.example", to: "team@shop.example" }),
    webhook({ url: secret("WEBHOOK_URL"), signingSecret: secret("WEBHOOK_SECRET") }),
  ],
} as const;

const deployer = createDeployer({
  ...application,
  environments: {
    development: { target: "fake", source: directory("site"), notify: [], bake: "10ms", timeouts: { settle: "0s" } },
    preview: {
      components: {
        web: { target: "vercel", source: directory("site") },
        worker: { target: "docker", role: "worker", source: image("shop-worker:1"), after: ["web"] },
      },
      migrator: "postgres",
      verify: { within: "60s" },
    },
  },
});

// @ts-expect-error No plugin of that name: what the compiler knows of a configuration has come along.
createDeployer({ ...application, environments: { development: { target: "heroku" } } });
// @ts-expect-error No such environment.
const misspelt = () => deployer.deploy({ environment: "produciton" });
assert(isFairleadError(await misspelt().catch((error: unknown) => error)));

const deployment = await deployer.deploy({ environment: "development", reason: "the first release" });
for await (const event of deployment.events()) assert.equal(event.environment, "development");
const result: DeploymentResult = await deployment.result();
assert.equal(target.provider.effects.filter(({ kind }) => kind === "traffic.moved").length, 1);
await deployer.close();

const health = createHealth({ checks: [defineCheck({ name: "shop", run: () => ({ status: "up" }) })] });
createServer(toNodeHandler(health)).close();
assert.equal(typeof runCli, "function");

console.log(result.phase);
