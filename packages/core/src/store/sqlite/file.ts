import { randomUUID } from "node:crypto";
import { constants, statSync } from "node:fs";
import { access, copyFile, link, mkdir, open, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";

/**
 * Makes the file, and its folder, for the owner alone where they are missing. What is there stays as it is. `fill` makes a journal of a new file before it has its name: nobody ever finds one that has just begun, and so an
 * empty one is one that lost what it had.
 */
export async function prepareFile(store: string, path: string, fill: (unnamed: string) => void): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const found = await stat(path).catch((error: unknown) => {
    if (codeOf(error) !== "ENOENT") throw error;
  });
  if (found === undefined) await make(path, fill);
  else if (!found.isFile()) throw fail(coreErrors, "STORE_PATH_INVALID", { store, problem: "it is not a file." });
}

async function make(path: string, fill: (unnamed: string) => void): Promise<void> {
  const unnamed = `${path}-new-${randomUUID()}`;
  try {
    const file = await open(unnamed, "wx", 0o600);
    await file.close();
    fill(unnamed);
    // Another process may have been faster; then its file is the journal.
    await link(unnamed, path).catch(async (error: unknown) => {
      if (codeOf(error) === "EEXIST") return;
      // A file system that gives no second name.
      await copyFile(unnamed, path, constants.COPYFILE_EXCL);
    });
  } finally {
    await rm(unnamed, { force: true });
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

/** Rejects if neither the file nor, where it is missing, a folder for it could be written. */
export async function requireWritablePath(path: string): Promise<void> {
  const missing = (error: unknown): boolean => codeOf(error) === "ENOENT";
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
