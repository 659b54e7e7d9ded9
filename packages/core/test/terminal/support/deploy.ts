// A deploy script over a provider in a folder, which hangs where it is told to: `node deploy.mjs deploy production`
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { createDeployer, definePlugin, image, sqliteStore } from "../../../src/index.js";
import { runCli } from "../../../src/cli/index.js";

const { WORLD: folder = "", RELEASE: release = "1", HANGS_IN: hangsIn, ASKS: asks } = process.env;
const file = join(folder, "serving");

/** A request that is not answered. */
const hang = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener("abort", () => {
      reject(signal.reason as Error);
    });
  });

const files = definePlugin({
  id: "files",
  provides: ["target"],
  options: z.strictObject({}),
  setup: () => ({
    target: {
      roles: ["web"],
      description: "a file that says what serves",
      async prepare(_, { signal, log }) {
        log.info("uploading");
        if (hangsIn === "prepare" || hangsIn === "discard") await hang(signal);
        return { id: `candidate-${release}` };
      },
      observe: () => Promise.resolve({ status: "applied", candidate: { id: `candidate-${release}` } }),
      promote: ({ candidate }) => {
        writeFileSync(file, candidate.id);
        return Promise.resolve();
      },
      current: () => Promise.resolve(existsSync(file) ? { candidate: { id: readFileSync(file, "utf8") }, settled: true } : undefined),
      retained: () => Promise.resolve([]),
      async discard(_, { signal }) {
        if (hangsIn === "discard") await hang(signal);
      },
    },
  }),
});

const deployer = createDeployer({
  application: "shop",
  store: sqliteStore({ path: join(folder, "journal.db"), singleMachine: true }),
  plugins: [files({})],
  environments: {
    production: {
      components: { web: { target: "files", source: image(`shop@sha256:${release.repeat(64)}`) } },
      verify: { within: "60s", successes: 1 },
      bake: { for: hangsIn === "bake" ? "10m" : "100ms", every: "50ms" },
      timeouts: { settle: "0s" },
      ...(asks === undefined ? {} : { approvals: { required: 1 } }),
    },
  },
});

await runCli(deployer, { name: "node deploy.ts" });
