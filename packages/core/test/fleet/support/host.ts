// A host of the application in a process of its own: it serves the candidate whose id it is started with, and works on deployments. `node host.ts <folder> <candidate>`
import { syncBuiltinESMExports } from "node:module";
import { readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import type { Duration } from "../../../src/index.js";
import type { HostMessage, HostOrder } from "./hosts.js";

const [folder = "", candidate = ""] = process.argv.slice(2);
const { HOST_MACHINE: machine, HOST_LEASE: leaseTtl = "15s", HOST_HANGS_IN: hangsIn } = process.env;

if (machine !== undefined) {
  // As on another machine, of whose processes nothing is known here.
  os.hostname = () => machine;
  syncBuiltinESMExports();
}

const { createDeployer, definePlugin, image, sqliteStore } = await import("../../../src/index.js");
const z = await import("zod");

const tell = (message: HostMessage): void => void process.send?.(message);
const serving = join(folder, "serving");

/** Which of the processes serves. Making another one serve replaces the one that asks for it. */
const processes = definePlugin({
  id: "processes",
  provides: ["target"],
  options: z.strictObject({}),
  setup: () => ({
    target: {
      roles: ["web"],
      description: "processes that serve",
      promoteTimeout: 300_000,
      prepare: async ({ key }) => {
        tell({ type: "at", step: "prepare" });
        if (hangsIn === "prepare") await new Promise(() => undefined);
        return { id: `process-${key.slice(-12).replaceAll(/\W/g, "-")}` };
      },
      observe: ({ key }) => Promise.resolve({ status: "applied", candidate: { id: `process-${key.slice(-12).replaceAll(/\W/g, "-")}` } }),
      promote: async ({ candidate: next }, { signal }) => {
        tell({ type: "at", step: "promote" });
        tell({ type: "replace", candidate: next.id });
        // The supervisor answers when the new process serves and the old one is gone: the old one never hears it.
        if (next.id !== candidate)
          await new Promise((_, reject) => {
            signal.addEventListener("abort", () => {
              reject(signal.reason as Error);
            });
          });
      },
      current: () => {
        const id = readFileSync(serving, "utf8");
        return Promise.resolve(id === "" ? undefined : { candidate: { id }, settled: true });
      },
      retained: () => Promise.resolve([]),
    },
  }),
});

const deployer = createDeployer({
  application: "shop",
  store: sqliteStore({ path: join(folder, "journal.db"), singleMachine: true }),
  plugins: [processes({})],
  leaseTtl: leaseTtl as Duration,
  environments: {
    production: {
      target: "processes",
      verify: { within: "60s", successes: 1 },
      bake: { for: "200ms", every: "100ms" },
      timeouts: { prepare: "5m", settle: "0s" },
    },
  },
});

const leaving = new AbortController();

process.on("SIGTERM", () => {
  leaving.abort();
  void deployer.close().then(() => {
    // It drains: it lives on for a while, and does nothing more for deployments.
    tell({ type: "left" });
  });
});

process.on("message", (order: HostOrder) => {
  if (order.type === "deploy")
    void deployer.deploy({ environment: "production", source: image(`shop@sha256:${order.release.repeat(64)}`) }).then(({ id }) => {
      tell({ type: "deploying", id });
    });
  else process.exit(0);
});
process.on("disconnect", () => process.exit(0));

if (candidate !== "") writeFileSync(serving, candidate);
void deployer.work({ signal: leaving.signal });
tell({ type: "ready" });
