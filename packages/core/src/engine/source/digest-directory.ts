import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { digestOf } from "../../json/canonical-json.js";

/** What git and Finder keep for themselves. */
const ignored = new Set([".git", ".DS_Store"]);

/**
 * The digest of a folder's content: names, modes and bytes of its files, not their times. `names`: the files that count, relative to the folder; without it all but `.git` and `.DS_Store` do. Rejects if one
 * cannot be read.
 */
export async function digestDirectory(
  path: string,
  names?: readonly string[],
): Promise<{ readonly digest: string; readonly files: number }> {
  const entries: [string, string][] = [];
  for (const name of names ?? (await filesBelow(path, ""))) {
    const digest = await digestEntry(join(path, name));
    if (digest !== undefined) entries.push([name, digest]);
  }
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return { digest: digestOf(entries), files: entries.length };
}

async function filesBelow(root: string, folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    if (ignored.has(entry.name)) continue;
    const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) names.push(...(await filesBelow(root, name)));
    else names.push(name);
  }
  return names;
}

/** Folders, sockets and devices have no content of their own. */
async function digestEntry(path: string): Promise<string | undefined> {
  const stats = await lstat(path);
  if (stats.isSymbolicLink()) return `link:${await readlink(path)}`;
  if (!stats.isFile()) return undefined;
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return `${(stats.mode & 0o111) === 0 ? "file" : "program"}:${hash.digest("hex")}`;
}
