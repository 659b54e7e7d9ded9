import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";

/** What the program writes there itself: its data, state and locks. */
const own = /^(\.terraform|\.terraform\.lock\.hcl|\.terraform\.tfstate\.lock\.info|terraform\.tfstate(\..*)?)$/;

/** A digest of the files of a configuration, by name and content. Modules outside of the folder are not part of it. Throws `TERRAFORM_FOLDER_UNREADABLE`. */
export function folderDigest(folder: string): string {
  const hash = createHash("sha256");
  try {
    for (const file of filesIn(folder, "")) {
      const content = readFileSync(join(folder, file));
      hash.update(`${String(file.length)} ${file} ${String(content.length)} `).update(content);
    }
  } catch (error) {
    throw fail(coreErrors, "TERRAFORM_FOLDER_UNREADABLE", { folder, problem: error instanceof Error ? error.message : String(error) });
  }
  return `sha256:${hash.digest("hex")}`;
}

function filesIn(folder: string, below: string): readonly string[] {
  return readdirSync(join(folder, below), { withFileTypes: true })
    .filter(({ name }) => !own.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(below, entry.name);
      return entry.isDirectory() ? filesIn(folder, path) : [path];
    });
}
