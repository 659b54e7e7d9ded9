import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Listing } from "./layouts/layout.js";

/** What lies in a folder of migrations. Rejects as `readdir` does. */
export async function listFolder(place: string): Promise<Listing> {
  const entries = (await readdir(place, { withFileTypes: true })).filter(({ name }) => !name.startsWith("."));
  const folders = new Map<string, readonly string[]>();
  for (const { name } of entries.filter((entry) => entry.isDirectory())) folders.set(name, await readdir(join(place, name)));
  return {
    files: entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name),
    folders,
    text: (path) => readFileSync(join(place, path), "utf8"),
  };
}
