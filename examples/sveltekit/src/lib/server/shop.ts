import { createDeployer, createHealthMemory, image, Secret, sqliteStore } from "@fairlead/core";
import { createHealth, defineCheck, httpCheck } from "@fairlead/core/health";
import { bearerTokens, createHttp } from "@fairlead/core/http";
import { createStatus } from "@fairlead/core/status";
import { docker } from "@fairlead/plugin-docker";
import { postgresStore } from "@fairlead/plugin-postgres/store";
import { building } from "$app/env";

const { DATABASE_URL, DEPLOY_TOKEN = "only-for-a-try-on-this-machine", FAIRLEAD_RELEASE, JOURNAL = ".fairlead/journal.db" } = process.env;

/** `ON_DEMAND=1` where the host stops the process between requests; `SERVICES` are those that the shop needs, e.g. `search=http://127.0.0.1:9200/health`. */
const { ON_DEMAND, SERVICES = "" } = process.env;

const store =
  DATABASE_URL === undefined ? sqliteStore({ path: JOURNAL }) : postgresStore({ url: new Secret("DATABASE_URL", DATABASE_URL) });
const application = { application: "shop", environment: "development" };

const services = SERVICES.split(",")
  .map((service) => service.split("="))
  .flatMap(([name = "", url]) => (url === undefined ? [] : [httpCheck({ name, url, timeout: "500ms" })]));

export const health = createHealth({
  release: FAIRLEAD_RELEASE,
  checks: [defineCheck({ name: "store", run: () => store.now().then(() => ({ status: "up" })) }), ...services],
});

const status = createStatus({
  ...application,
  store,
  page: { name: "Shop", url: "http://127.0.0.1" },
  components: [{ name: "web", title: "Website", checks: ["store"] }],
  health,
});

// SvelteKit loads this file while it builds, too.
if (!building && ON_DEMAND === "1") health.onDemand({ maxAge: "1s", memory: createHealthMemory(store, application) });
if (!building && ON_DEMAND !== "1") {
  health.background();
  status.background();
}

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

/** What is closed when the process ends. */
export async function close(): Promise<void> {
  await status.stop();
  await health.stop();
  await deployer.close();
}
