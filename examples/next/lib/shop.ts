import { createDeployer, createHealthMemory, image, Secret, sqliteStore, type Duration } from "@fairlead/core";
import { createHealth, defineCheck } from "@fairlead/core/health";
import { bearerTokens, createHttp, type Http } from "@fairlead/core/http";
import { createStatus } from "@fairlead/core/status";
import { docker } from "@fairlead/plugin-docker";
import { postgresStore } from "@fairlead/plugin-postgres/store";
import { after } from "next/server.js";

interface Shop {
  readonly http: Http;
  /** Not ready from now on. */
  drain(): void;
  /** What is closed when the process ends. */
  close(): Promise<void>;
}

function createShop(): Shop {
  const { DATABASE_URL, DEPLOY_TOKEN = "only-for-a-try-on-this-machine", FAIRLEAD_RELEASE, JOURNAL = ".fairlead/journal.db" } = process.env;
  /** `ON_DEMAND=1s` where the host stops the process between requests: how old an answer may be. */
  const { ON_DEMAND, NEXT_PHASE } = process.env;
  const store =
    DATABASE_URL === undefined ? sqliteStore({ path: JOURNAL }) : postgresStore({ url: new Secret("DATABASE_URL", DATABASE_URL) });
  const application = { application: "shop", environment: "development" };

  const health = createHealth({
    release: FAIRLEAD_RELEASE,
    checks: [defineCheck({ name: "store", run: () => store.now().then(() => ({ status: "up" })) })],
    // What is asked for only now and then is not asked three times before it is believed.
    ...(ON_DEMAND === undefined ? {} : { failureThreshold: 1, successThreshold: 1 }),
  });

  const status = createStatus({
    ...application,
    store,
    page: { name: "Shop", url: "http://127.0.0.1" },
    components: [{ name: "web", title: "Website", checks: ["store"] }],
    health,
  });

  /** Only records what is asked for: a worker, which is another process, carries it out. */
  const deployer = createDeployer({
    application: "shop",
    store,
    plugins: [docker()],
    environments: { development: { target: "docker" } },
  });

  // Next loads this while it builds, too.
  if (NEXT_PHASE !== "phase-production-build") {
    if (ON_DEMAND === undefined) {
      health.background();
      status.background();
    } else {
      // What an answer does not wait for goes on behind it, also where the host stops the process then.
      health.onDemand({ maxAge: ON_DEMAND as Duration, memory: createHealthMemory(store, application), waitUntil: after });
    }
  }

  const http = createHttp({
    health,
    status,
    deployer,
    metrics: {},
    authenticate: bearerTokens([{ id: "ci", token: DEPLOY_TOKEN }]),
    sources: ({ commit }) => (commit === undefined ? undefined : image(`registry.example.com/shop:${commit}`)),
  });

  return {
    http,
    drain: () => health.drain(),
    async close() {
      await status.stop();
      await health.stop();
      await deployer.close();
    },
  };
}

const global = globalThis as typeof globalThis & { fairleadShop?: Shop };

/** One for the process: Next may load this file once for each route, and again after a change while it is written. */
export const shop = (global.fairleadShop ??= createShop());
