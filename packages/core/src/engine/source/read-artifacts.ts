import { resolve } from "node:path";
import type { ComponentSpec } from "../../config/environment-spec.js";
import type { Source, Sources } from "../../config/source.js";
import type { Artifact } from "../../contract/release.js";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";
import { digestOf } from "../../json/canonical-json.js";
import { digestDirectory } from "./digest-directory.js";

/** What each component is made from, read now. Throws `SOURCE_MISSING` or `SOURCE_UNREADABLE`. */
export async function readArtifacts(
  components: readonly ComponentSpec[],
  given: Sources | undefined,
): Promise<Readonly<Record<string, Artifact>>> {
  const entries = await Promise.all(
    components.map(async (component): Promise<readonly [string, Artifact]> => {
      const source = sourceOf(component, given);
      if (source === undefined) throw fail(coreErrors, "SOURCE_MISSING", { component: component.name });
      return [component.name, await readArtifact(component.name, source)];
    }),
  );
  return Object.fromEntries(entries);
}

function sourceOf(component: ComponentSpec, given: Sources | undefined): Source | undefined {
  if (given === undefined) return component.source;
  if (isSource(given)) return given;
  return given[component.name] ?? component.source;
}

function isSource(given: Sources): given is Source {
  return "kind" in given && typeof given.kind === "string";
}

async function readArtifact(component: string, source: Source): Promise<Artifact> {
  if (source.kind === "image") return { kind: "image", reference: source.reference, digest: digestOf(source.reference) };
  const path = resolve(source.path);
  try {
    return { kind: "directory", path, ...(await digestDirectory(path)) };
  } catch (cause) {
    const problem = cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "it cannot be read";
    throw fail(coreErrors, "SOURCE_UNREADABLE", { component, path, problem }, { cause });
  }
}
