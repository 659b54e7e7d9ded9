// One of several processes of a shop that share a store: each says how it is, one of them leads and makes the status page of what all say, and whichever comes first delivers what the page has to tell.
import { createServer } from "node:http";
import { createDeployer, environmentSecrets, Secret, secret, sqliteStore, type Duration } from "@fairlead/core";
import { createHealth, httpCheck } from "@fairlead/core/health";
import { createHttp } from "@fairlead/core/http";
import { createDrain } from "@fairlead/core/node";
import { createStatus } from "@fairlead/core/status";
import { docker } from "@fairlead/plugin-docker";
import { webhook } from "@fairlead/plugin-notify";
import { postgresStore } from "@fairlead/plugin-postgres/store";

const {
  DATABASE_URL,
  HOSTNAME = "host",
  JOURNAL = ".fairlead/journal.db",
  PORT = "3000",
  SEARCH_URL = "http://127.0.0.1:9200/health",
} = process.env;

/** How soon an outage is told of, and its end. */
const { INTERVAL = "10s", OPEN_AFTER = "1m", RESOLVE_AFTER = "5m" } = process.env;

const store =
  DATABASE_URL === undefined ? sqliteStore({ path: JOURNAL }) : postgresStore({ url: new Secret("DATABASE_URL", DATABASE_URL) });

const health = createHealth({ checks: [httpCheck({ name: "search", url: SEARCH_URL, interval: INTERVAL as Duration })] }).background();

const status = createStatus({
  application: "shop",
  environment: "development",
  store,
  page: { name: "Shop", url: "http://127.0.0.1:3000" },
  components: [{ name: "search", title: "Search" }],
  health,
  instance: HOSTNAME,
  interval: INTERVAL as Duration,
  incidents: { openAfter: OPEN_AFTER as Duration, resolveAfter: RESOLVE_AFTER as Duration },
  notify: ["webhook"],
}).background();

const deployer = createDeployer({
  application: "shop",
  name: HOSTNAME,
  store,
  secrets: environmentSecrets(process.env),
  plugins: [docker(), webhook({ url: secret("HOOK_URL"), signingSecret: secret("HOOK_SECRET") })],
  environments: { development: { target: "docker" } },
});

// A worker: it drives deployments that nobody drives, and delivers messages.
const leaving = new AbortController();
const working = deployer.work({ signal: leaving.signal });

const server = createServer(createHttp({ health, status }).node);
const close = async (): Promise<void> => {
  leaving.abort();
  await working;
  await status.stop();
  await health.stop();
  await deployer.close();
};
createDrain({ health, servers: [server], close }).onSignals();
server.listen(Number(PORT), "127.0.0.1", () => console.log(server.address()));
