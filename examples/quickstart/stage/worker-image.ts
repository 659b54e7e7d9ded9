import { buildWorkerImage, type WorkerImage } from "@fairlead/testing/docker";
import { build } from "esbuild";
import { join } from "node:path";

/** Makes the worker's image where a Docker engine answers: `worker.ts` and what it imports in one file, on this machine's Node.js, without a registry. */
export async function makeWorkerImage(socketPath: string): Promise<WorkerImage> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "../worker/worker.ts")],
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
    target: "node22",
    external: ["pg-native"],
    // pg is CommonJS and asks for Node's own modules by `require`.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  const script = outputFiles[0]?.text ?? "";
  return buildWorkerImage({ socketPath, tag: "fairlead-quickstart/worker:1", script });
}
