import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

let folder: string | undefined;

/** Gives a run of the tests a temporary folder of its own: hundreds of them make theirs in it. */
export async function setup(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), "fairlead-tests-"));
  // A database server runs as a user of its own.
  await chmod(folder, 0o755);
  process.env["TMPDIR"] = folder;
}

/** What a process that was killed still holds is not worth a failure. */
export async function teardown(): Promise<void> {
  if (folder !== undefined) await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
}
