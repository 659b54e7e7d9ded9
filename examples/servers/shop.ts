// What every server here mounts. Nothing in it knows which one.
import { createDeployer, image, sqliteStore, type Duration } from "@fairlead/core";
import { createHealth, defineCheck } from "@fairlead/core/health";
import { bearerTokens, createHttp } from "@fairlead/core/http";
import { createStatus } from "@fairlead/core/status";
import { docker } from "@fairlead/plugin-docker";

const {
  PORT = "3000",
  DEPLOY_TOKEN = "only-for-a-try-on-this-machine",
  DRAIN_DELAY = "5s",
  JOURNAL = ".fairlead/journal.db",
  FAIRLEAD_RELEASE,
} = process.env;

export const port = Number(PORT);
const store = sqliteStore({ path: JOURNAL });

const health = createHealth({
  release: FAIRLEAD_RELEASE,
  checks: [defineCheck({ name: "store", run: () => store.now().then(() => ({ status: "up" })) })],
}).background();

const status = createStatus({
  application: "shop",
  environment: "development",
  store,
  page: { name: "Shop", url: "http://127.0.0.1" },
  components: [{ name: "web", title: "Website", checks: ["store"] }],
  health,
}).background();

/** Only records what is asked for: a worker, which is another process, carries it out. */
const deployer = createDeployer({
  application: "shop",
  store,
  plugins: [docker()],
  environments: { development: { target: "docker" } },
});

export const http = createHttp({
  health,
  status,
  deployer,
  metrics: {},
  authenticate: bearerTokens([{ id: "ci", token: DEPLOY_TOKEN }]),
  sources: ({ commit }) => (commit === undefined ? undefined : image(`registry.example.com/shop:${commit}`)),
});

/** For `createDrain`: how long to serve on, and what to close at the end. */
export const ending = {
  health,
  delay: DRAIN_DELAY as Duration,
  async close() {
    await status.stop();
    await health.stop();
    await deployer.close();
  },
};

/** What the shop sells, and what it was ordered. */
export const products = { products: ["tea", "cups"] };
export const ordered = (order: unknown) => ({ ordered: order });
