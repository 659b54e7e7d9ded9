import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";

/** Where the image keeps its `node`. */
export const nodeInImage = "/usr/local/bin/node";

/** A file of the image and where it comes from on this machine. */
export interface RuntimeFile {
  readonly path: string;
  readonly source: string;
}

/** The program that runs this process, with the libraries that it is linked to. */
export interface NodeRuntime {
  readonly files: readonly RuntimeFile[];
  /** Hexadecimal; of names and content. */
  readonly digest: string;
}

let known: Promise<NodeRuntime> | undefined;

/** What an empty image needs to run JavaScript. Found once: it does not change while the process runs. */
export function findNodeRuntime(): Promise<NodeRuntime> {
  known ??= collect();
  return known;
}

async function collect(): Promise<NodeRuntime> {
  const { stdout } = await promisify(execFile)("ldd", [process.execPath]);
  // `libm.so.6 => /lib/libm.so.6 (0x…)`, and the loader by its path alone: `/lib64/ld-linux-x86-64.so.2 (0x…)`.
  const libraries = [...stdout.matchAll(/^\s*(?:\S+ => )?(\/\S+) \(0x/gm)].flatMap(([, path]) => path ?? []);
  const files = [{ path: nodeInImage, source: process.execPath }, ...libraries.map((path) => ({ path, source: path }))];
  const hash = createHash("sha256");
  for (const { path, source } of files) {
    hash.update(`${path}\0`);
    await pipeline(createReadStream(source), hash, { end: false });
  }
  return { files, digest: hash.digest("hex") };
}
