import { join } from "node:path";
import { createEmulatorFetch } from "@fairlead/testing/emulators";

// What differs between machines, from the environment. Secrets are no settings: `deploy.ts` names them, and Fairlead resolves them when it needs them.
const { env } = process;
const vercelApi = env["VERCEL_API_URL"];
const workerImage = env["SHOP_WORKER_IMAGE"] ?? "";
/** A provider on this very machine that has not answered for a second will not. */
const isNear = env["SHOP_PROVIDERS"] === "near";

export const settings = {
  application: env["SHOP_APPLICATION"] ?? "shop",
  /** What `build.ts` writes and `deploy.ts` deploys. */
  release: env["SHOP_RELEASE"] ?? ".quickstart/release",
  /** One for this folder, wherever a command is started. */
  journal: env["SHOP_JOURNAL"] ?? join(import.meta.dirname, ".quickstart/journal.db"),
  /** Where customers find the shop. */
  shopUrl: env["SHOP_URL"] ?? "http://127.0.0.1",
  /** Who keeps the shop's own process, where the quickstart has started one. */
  supervisorUrl: env["SHOP_SUPERVISOR_URL"] ?? "http://127.0.0.1",
  /** For the shop's own questions to its database. */
  databaseUrl: env["DATABASE_URL"],
  /** The emulator where the quickstart has started one, and Vercel itself otherwise. */
  vercel: {
    ...(vercelApi === undefined ? {} : { apiUrl: vercelApi, fetch: createEmulatorFetch(vercelApi) }),
    ...(isNear ? ({ requestTimeout: "1s", promoteTimeout: "6s" } as const) : {}),
  },
  timeouts: isNear ? ({ prepare: "12s", migrate: "12s", settle: "500ms" } as const) : {},
  /** Where no Docker engine answers, the shop does without its worker. */
  hasWorker: workerImage !== "",
  workerImage,
  dockerSocket: env["SHOP_DOCKER_SOCKET"] ?? "/var/run/docker.sock",
};
