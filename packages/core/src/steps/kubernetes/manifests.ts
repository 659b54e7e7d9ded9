import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";

/** As YAML and as JSON write it; templates of other kinds do not stand at the beginning of a line. */
const secretKind =
  /^(?:- )?\s*["']?kind["']?\s*:\s*["']?Secret["']?\s*[,}]?\s*(?:#.*)?$|"kind"\s*:\s*"Secret"|[{,]\s*kind\s*:\s*["']?Secret["']?\s*[,}]/m;

/** A digest of the manifests, by name and content. Throws `KUBERNETES_MANIFESTS_UNREADABLE`, and `KUBERNETES_SECRET` where one is a Secret. */
export function manifestsDigest(places: readonly string[]): string {
  const hash = createHash("sha256");
  for (const place of places) {
    for (const file of filesAt(place)) {
      const content = readFileSync(file);
      if (secretKind.test(content.toString())) throw fail(coreErrors, "KUBERNETES_SECRET", { place: file });
      hash.update(`${String(file.length)} ${file} ${String(content.length)} `).update(content);
    }
  }
  return `sha256:${hash.digest("hex")}`;
}

function filesAt(place: string): readonly string[] {
  try {
    if (!statSync(place).isDirectory()) return [place];
    return readdirSync(place, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory() && /\.(ya?ml|json)$/.test(entry.name))
      .map(({ name }) => join(place, name))
      .sort();
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw fail(coreErrors, "KUBERNETES_MANIFESTS_UNREADABLE", { place, problem });
  }
}
