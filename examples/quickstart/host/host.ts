// The shop's own process: it answers for its health, and carries deployments, also the one that replaces it. `stage/supervisor.ts` starts it.
import { createDeployer, image, sqliteStore } from "@fairlead/core";
import { createHealth, toNodeHandler } from "@fairlead/core/health";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { settings } from "../settings.ts";
import { supervised } from "./supervised.ts";

/** What a host says to its supervisor. */
export type HostMessage = { readonly type: "ready"; readonly health: string } | { readonly type: "deploying"; readonly id: string };

const deployer = createDeployer({
  application: `${settings.application}-host`,
  store: sqliteStore({ path: settings.journal, singleMachine: true }),
  plugins: [supervised({ url: settings.supervisorUrl })],
  environments: {
    production: {
      target: "supervised",
      verify: { successes: 1 },
      bake: { for: "500ms", every: "100ms" },
      timeouts: { settle: "500ms" },
    },
  },
});

const health = createHealth({ checks: [] }).background();
const server = createServer(toNodeHandler(health));
const leaving = new AbortController();

/** What it has begun is left to the process that comes after it. */
process.once("SIGTERM", () => {
  void leave();
});

/** Somebody asks for a release of the shop's own process: as the digest of an image, as a registry names one. */
process.on("message", (release: string) => {
  void replaceBy(release);
});
process.on("disconnect", () => {
  if (!leaving.signal.aborted) process.exit(1);
});

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address !== null) tell({ type: "ready", health: `http://127.0.0.1:${address.port}/api/health` });
});
await deployer.work({ signal: leaving.signal });

async function leave(): Promise<void> {
  leaving.abort();
  await deployer.close();
  server.close();
  server.closeAllConnections();
  await health.stop();
  process.disconnect();
}

async function replaceBy(release: string): Promise<void> {
  const environment = "production";
  await (await deployer.adopt({ environment, reason: "the process that was there before" })).result();
  const digest = createHash("sha256").update(release).digest("hex");
  const { id } = await deployer.deploy({ environment, source: image(`shop-host@sha256:${digest}`), reason: `release ${release}` });
  tell({ type: "deploying", id });
}

function tell(message: HostMessage): void {
  process.send?.(message);
}
