import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Provenance } from "../../contract/release.js";

const run = promisify(execFile);

/** What git knows about the folder; nothing where there is no git or no commit. `files`: those that differ from the commit. */
export async function readProvenance(folder: string): Promise<{ readonly provenance: Provenance; readonly files: readonly string[] }> {
  const git = async (...parameters: string[]): Promise<string> =>
    (await run("git", ["-C", folder, ...parameters], { maxBuffer: 16 * 1024 * 1024 })).stdout.trimEnd();
  try {
    const [commit, branch, message, status] = await Promise.all([
      git("rev-parse", "HEAD"),
      git("rev-parse", "--abbrev-ref", "HEAD"),
      git("log", "-1", "--format=%s"),
      git("status", "--porcelain", "--untracked-files=no"),
    ]);
    const files = status === "" ? [] : status.split("\n").map((line) => line.slice(3));
    return { provenance: { commit, ...(branch === "HEAD" ? {} : { branch }), message, dirty: files.length > 0 }, files };
  } catch {
    return { provenance: {}, files: [] };
  }
}
