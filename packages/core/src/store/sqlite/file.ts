import { constants, statSync } from "node:fs";
import { access, mkdir, open, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";

/** Makes the file, and its folder, for the owner alone where they are missing. What is there stays as it is. */
export async function prepareFile(store: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    // Only ever a new file: closing one that SQLite has open in this process would drop its locks.
    const file = await open(path, "wx", 0o600);
    await file.close();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  if (!(await stat(path)).isFile()) throw fail(coreErrors, "STORE_PATH_INVALID", { store, problem: "it is not a file." });
}

/** Rejects if neither the file nor, where it is missing, a folder for it could be written. */
export async function requireWritablePath(path: string): Promise<void> {
  const missing = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "ENOENT";
  for (let place = path; ; place = dirname(place)) {
    try {
      await access(place, constants.W_OK);
      // SQLite makes files beside it.
      if (place === path) await access(dirname(path), constants.W_OK);
      return;
    } catch (error) {
      if (!missing(error) || place === dirname(place)) throw error;
    }
  }
}

/** Which file is at a path now. */
export function identityOf(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? undefined : `${String(found.dev)}/${String(found.ino)}`;
}
