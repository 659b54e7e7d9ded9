import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { canonicalJson } from "../../json/canonical-json.js";

/** Never content of a release. */
const ignored = new Set([".git", "node_modules", ".DS_Store"]);

/** The digest of a folder's content: names, modes and bytes of its files, not their times. `.git` and `node_modules` do not count. Rejects if the folder cannot be read. */
export async function digestDirectory(path: string): Promise<{ readonly digest: string; readonly files: number }> {
  const entries: [string, string][] = [];
  await collect(path, "", entries);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return { digest: `sha256:${createHash("sha256").update(canonicalJson(entries)).digest("hex")}`, files: entries.length };
}

async function collect(root: string, folder: string, entries: [string, string][]): Promise<void> {
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    if (ignored.has(entry.name)) continue;
    const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) await collect(root, name, entries);
    else if (entry.isSymbolicLink()) entries.push([name, `link:${await readlink(join(root, name))}`]);
    else if (entry.isFile()) entries.push([name, await digestFile(join(root, name))]);
  }
}

async function digestFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  const { mode } = await lstat(path);
  await pipeline(createReadStream(path), hash);
  return `${(mode & 0o111) === 0 ? "file" : "program"}:${hash.digest("hex")}`;
}
