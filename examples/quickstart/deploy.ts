// The shop's deployment. `npm run shop -- --help` says what it can do.
import { createDeployer, directory, image, secret, sqliteStore } from "@fairlead/core";
import { runCli } from "@fairlead/core/cli";
import { docker } from "@fairlead/plugin-docker";
import { email, slack, webhook } from "@fairlead/plugin-notify";
import { postgres } from "@fairlead/plugin-postgres";
import { vercel } from "@fairlead/plugin-vercel";
import { checkout } from "./checks.ts";
import { settings } from "./settings.ts";

const { hasWorker, workerImage, dockerSocket } = settings;

const engine = docker({
  socketPath: dockerSocket,
  components: {
    worker: {
      // What a container has in its environment, `docker inspect` shows: the worker signs in as a role of its own, which may not change the schema.
      env: { DATABASE_URL: secret("SHOP_WORKER_DATABASE_URL") },
      network: "host",
      pull: "never",
      heartbeat: { file: "/tmp/heartbeat", maxAge: "5s" },
      startTimeout: "5s",
      minHealthyTime: "1s",
      stopTimeout: "3s",
    },
  },
});

export const deployer = createDeployer({
  application: settings.application,
  store: sqliteStore({ path: settings.journal, singleMachine: true }),
  plugins: [
    vercel({ project: "shop", token: secret("VERCEL_TOKEN"), health: { path: "/health.json" }, ...settings.vercel }),
    postgres({ url: secret("DATABASE_URL"), migrations: `${settings.release}/migrations` }),
    slack({ webhook: secret("SLACK_WEBHOOK_URL") }),
    email({ url: secret("SMTP_URL"), from: "Shop deployments <deploy@shop.example>", to: "team@shop.example" }),
    webhook({ url: secret("WEBHOOK_URL"), signingSecret: secret("WEBHOOK_SECRET") }),
    ...(hasWorker ? [engine] : []),
  ],
  environments: {
    production: {
      components: {
        web: { target: "vercel", source: directory(`${settings.release}/site`) },
        ...(hasWorker ? { worker: { target: "docker", role: "worker", source: image(workerImage), after: ["web"] } } : {}),
      },
      migrator: "postgres",
      verify: { within: "3s" },
      bake: { for: "3s", every: "500ms" },
      checks: [checkout],
      timeouts: settings.timeouts,
      // The quickstart builds its releases on the spot. A team commits what it deploys, and leaves this out.
      allowDirty: true,
    },
  },
});

if (process.argv[1] === import.meta.filename) await runCli(deployer, { name: "npm run shop --" });
