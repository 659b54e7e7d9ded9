import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join, resolve } from "node:path";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";

/** Where a program is: at its path, taken from the folder that it is to run in, else in `PATH`. Throws `PROGRAM_NOT_FOUND`. */
export async function findProgram(program: string, { folder, path }: { readonly folder: string; readonly path: string }): Promise<string> {
  if (program.includes("/")) {
    const place = isAbsolute(program) ? program : resolve(folder, program);
    if (await isProgram(place)) return place;
    throw fail(coreErrors, "PROGRAM_NOT_FOUND", { program, place: program === place ? "there" : `in ${folder}` });
  }
  for (const directory of path.split(delimiter)) {
    if (directory === "") continue;
    const place = join(resolve(folder, directory), program);
    if (await isProgram(place)) return place;
  }
  throw fail(coreErrors, "PROGRAM_NOT_FOUND", { program, place: path === "" ? "as PATH is empty" : `in PATH (${path})` });
}

async function isProgram(place: string): Promise<boolean> {
  try {
    await access(place, constants.X_OK);
    return (await stat(place)).isFile();
  } catch {
    return false;
  }
}
