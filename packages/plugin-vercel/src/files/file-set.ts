import { createHash } from "node:crypto";
import { createReadStream, openAsBlob } from "node:fs";
import { lstat, readlink } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { fail, isFairleadError } from "@fairlead/core";
import pMap from "p-map";
import { vercelErrors } from "../vercel-errors.js";
import { secretFilesOf } from "./secret-files.js";

/** A file of a deployment, without its content. */
export interface DeployedFile {
  /** From the deployed folder, with slashes. */
  readonly path: string;
  /** SHA-1 of the content, by which Vercel knows files. */
  readonly sha: string;
  readonly size: number;
  readonly mode: number;
  /** Opens the content anew. */
  readonly open: () => Promise<Blob>;
}

export interface FileSetOptions {
  readonly component: string;
  /** Absolute. */
  readonly folder: string;
  readonly prebuilt: boolean;
  readonly secretFiles: readonly string[];
}

/** What the API takes in one deployment. */
const most = 15_000;
const hashedAtOnce = 32;

/**
 * The files that Vercel's own tools would take from a folder, with their digests, in the order of their paths. No content stays in memory. Throws when there are none or too many, when one cannot be read, and
 * `VERCEL_FILES_SECRET` when one looks like a secret and is not listed.
 */
export async function readFileSet(options: FileSetOptions, signal: AbortSignal): Promise<readonly DeployedFile[]> {
  const { component, folder, secretFiles } = options;
  try {
    const paths = await listFiles(options);
    const secrets = secretFilesOf(paths).filter((path) => !secretFiles.includes(path));
    if (secrets.length > 0) throw fail(vercelErrors, "VERCEL_FILES_SECRET", { component, files: secrets });
    const files = await pMap(paths, (path) => readFile(folder, path), { concurrency: hashedAtOnce, signal });
    const present = files.filter((file) => file !== undefined);
    if (present.length === 0) throw fail(vercelErrors, "VERCEL_FILES_NONE", { component });
    if (present.length > most) throw fail(vercelErrors, "VERCEL_FILES_TOO_MANY", { component, files: present.length, limit: most });
    return present;
  } catch (error) {
    signal.throwIfAborted();
    if (isFairleadError(error)) throw error;
    throw fail(vercelErrors, "VERCEL_FILES_UNREADABLE", { component, problem: error instanceof Error ? error.message : String(error) });
  }
}

/** By the rules of Vercel's client: its own list of what never counts, and `.vercelignore`. */
export async function listFiles({ folder, prebuilt }: Pick<FileSetOptions, "folder" | "prebuilt">): Promise<readonly string[]> {
  const { buildFileTree } = await import("@vercel/client");
  const output = prebuilt ? { prebuilt, vercelOutputDir: join(folder, ".vercel", "output") } : {};
  const { fileList } = await buildFileTree(folder, { isDirectory: true, ...output }, () => undefined);
  return fileList.map((file) => relative(folder, file).split(sep).join("/")).sort((one, other) => (one < other ? -1 : 1));
}

/** A link is deployed as what it says, as Vercel's client does it. Empty folders are not deployed. */
async function readFile(folder: string, path: string): Promise<DeployedFile | undefined> {
  const file = join(folder, path);
  const stats = await lstat(file);
  if (stats.isDirectory()) return undefined;
  const hash = createHash("sha1");
  const { mode, size } = stats;
  if (stats.isSymbolicLink()) {
    const content = Buffer.from(await readlink(file));
    return { path, sha: hash.update(content).digest("hex"), size: content.byteLength, mode, open: async () => new Blob([content]) };
  }
  await pipeline(createReadStream(file), hash);
  return { path, sha: hash.digest("hex"), size, mode, open: () => openAsBlob(file) };
}
