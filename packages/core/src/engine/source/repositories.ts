import { lstat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Artifact } from "../../contract/release.js";

/** The repositories of git that the folders among some artifacts lie in, each once, in their order. */
export async function repositoriesOf(artifacts: Readonly<Record<string, Artifact>>): Promise<readonly string[]> {
  const folders = Object.values(artifacts).flatMap((one) => (one.kind === "directory" && one.path !== undefined ? [one.path] : []));
  const found = await Promise.all(folders.map(repositoryOf));
  return [...new Set(found.filter((one) => one !== undefined))];
}

/** The nearest folder above, or this one, that git keeps: also where git itself is not there, or refuses to look. */
async function repositoryOf(folder: string): Promise<string | undefined> {
  const isKept = await lstat(join(folder, ".git")).then(
    () => true,
    () => false,
  );
  if (isKept) return folder;
  return dirname(folder) === folder ? undefined : repositoryOf(dirname(folder));
}
