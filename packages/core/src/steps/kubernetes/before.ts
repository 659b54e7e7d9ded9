import { createHash } from "node:crypto";
import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { listOf, readObjects, type KubernetesObject } from "./kubernetes-object.js";
import { workFolderOf, type KubernetesWork } from "./kubernetes-program.js";

/** Objects as they were before this deployment changed anything, for the way back. They may hold values that nobody should see, so they are kept beside the journal, for their owner alone. */
export async function keepBefore(work: KubernetesWork, objects: readonly KubernetesObject[]): Promise<void> {
  const file = await beforeFile(work);
  // Only one deployment of an environment is under way: the way back of another one is closed.
  const others = (await readdir(await workFolderOf(work))).filter((name) => name.endsWith(".before.json"));
  await Promise.all(others.map(async (name) => rm(join(await workFolderOf(work), name), { force: true })));
  await writeFile(`${file}.new`, listOf(objects.map(({ document }) => document)), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** What was kept; `undefined` where nothing was: then nothing was changed from here. */
export async function readBefore(work: KubernetesWork): Promise<readonly KubernetesObject[] | undefined> {
  try {
    return readObjects(await readFile(await beforeFile(work), "utf8"));
  } catch {
    return undefined;
  }
}

/** Lets others use a manifest of this step's own, and removes it. */
export async function withManifest<Result>(work: KubernetesWork, text: string, use: (file: string) => Promise<Result>): Promise<Result> {
  const file = (await beforeFile(work)).replace(/before\.json$/, "back.yaml");
  try {
    await writeFile(file, text, { mode: 0o600 });
    return await use(file);
  } finally {
    await rm(file, { force: true });
  }
}

export async function beforeFile(work: KubernetesWork): Promise<string> {
  const name = createHash("sha256").update(work.call.idempotencyKey).digest("hex").slice(0, 24);
  return join(await workFolderOf(work), `${name}.before.json`);
}
