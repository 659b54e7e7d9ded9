// `npm run start`: deploys the shop four times and shows what came of it. README.md says what there is to see.
import { isFairleadError } from "@fairlead/core";
import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { removeFolder } from "./stage/folder.ts";
import { perform } from "./stage/perform.ts";

const usual = ".quickstart";

const { values } = parseArgs({
  options: {
    serve: { type: "boolean", default: false },
    report: { type: "string" },
    folder: { type: "string", default: usual },
  },
});
const { serve, report, folder } = values;

// Containers are told apart by the shop's name: two quickstarts in two folders do not touch each other's.
const isUsual = folder === usual;
const application = isUsual ? "shop" : `shop-${createHash("sha256").update(resolve(folder)).digest("hex").slice(0, 8)}`;

const engine = process.env["DOCKER_HOST"] ?? "";
const dockerSocket = engine.startsWith("unix://") ? engine.slice("unix://".length) : "/var/run/docker.sock";

const leaving = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    leaving.abort();
  });
}

try {
  process.exitCode = await perform({ folder, application, dockerSocket, serve, report, signal: leaving.signal });
} catch (error) {
  if (leaving.signal.aborted) {
    removeFolder(folder);
    console.log("\nInterrupted. Everything that was started has been ended and removed.");
    process.exitCode = 130;
  } else if (isFairleadError(error)) {
    console.error(`\n${error.message}\n${error.hint}`);
    process.exitCode = 1;
  } else throw error;
}
