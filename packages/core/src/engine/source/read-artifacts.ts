import { resolve } from "node:path";
import type { ComponentSpec } from "../../config/environment-spec.js";
import type { Source, Sources } from "../../config/source.js";
import type { CallOptions } from "../../contract/call.js";
import type { Artifact } from "../../contract/release.js";
import type { ComponentReference, DeployTarget } from "../../contract/target.js";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";
import { digestOf } from "../../json/canonical-json.js";
import type { Clock } from "../../time/clock.js";
import { askProvider } from "../ask-provider.js";
import type { CapabilitySource } from "../operation.js";
import { digestDirectory } from "./digest-directory.js";

/** What artifacts are read for. */
export interface ArtifactRequest {
  readonly application: string;
  readonly environment: string;
  /** Id of the release that they will be of. */
  readonly release: string;
  readonly components: readonly ComponentSpec[];
  readonly sources: Sources | undefined;
  readonly capabilities: CapabilitySource;
  readonly clock: Clock;
  readonly call: CallOptions;
}

/** What the components are made from. */
export interface ReadArtifacts {
  readonly artifacts: Readonly<Record<string, Artifact>>;
  /** For people, from the targets. */
  readonly notes: readonly string[];
}

/** What each component is made from, read now. Throws `SOURCE_MISSING`, `SOURCE_UNREADABLE` or `SOURCE_EMPTY`. */
export async function readArtifacts(request: ArtifactRequest): Promise<ReadArtifacts> {
  const { application, environment, components, sources, capabilities } = request;
  const read = await Promise.all(
    components.map(async ({ name, fleet = name, role, target, source: configured }) => {
      const source = sourceOf(fleet, configured, sources);
      if (source === undefined) throw fail(coreErrors, "SOURCE_MISSING", { component: fleet });
      const about = { application, environment, component: name, role };
      const deployTarget = await capabilities.get(target, "target");
      const artifact = source.kind === "image" ? readImage : readDirectory;
      return { name, ...(await artifact(request, deployTarget, about, source.kind === "image" ? source.reference : source.path)) };
    }),
  );
  return {
    artifacts: Object.fromEntries(read.map(({ name, artifact }) => [name, artifact])),
    notes: read.flatMap(({ note }) => (note === undefined ? [] : [note])),
  };
}

interface ReadArtifact {
  readonly artifact: Artifact;
  readonly note?: string | undefined;
}

function sourceOf(component: string, configured: Source | undefined, given: Sources | undefined): Source | undefined {
  if (given === undefined) return configured;
  if (isSource(given)) return given;
  return given[component] ?? configured;
}

function isSource(given: Sources): given is Source {
  return "kind" in given && typeof given.kind === "string";
}

async function readImage(
  { release, clock, call }: ArtifactRequest,
  target: DeployTarget,
  about: ComponentReference,
  reference: string,
): Promise<ReadArtifact> {
  const named = /^(?:.+@)?(sha256:[0-9a-f]{64})$/.exec(reference)?.[1];
  if (named !== undefined) return { artifact: { kind: "image", reference, digest: named } };
  const found = await askProvider(clock, call, `what ${reference} means`, async (options) =>
    target.resolve?.({ ...about, reference }, options),
  );
  // Nobody can say whether it is the image that the same words meant before: so it is taken for none of those.
  if (found === undefined) return { artifact: { kind: "image", reference, digest: digestOf({ reference, release }) } };
  return { artifact: { kind: "image", reference, digest: found.digest, pinned: found.pinned }, note: found.note };
}

async function readDirectory(
  { call }: ArtifactRequest,
  target: DeployTarget,
  about: ComponentReference,
  given: string,
): Promise<ReadArtifact> {
  const path = resolve(given);
  const content = await readFolder(target, about, path, call).catch((cause: unknown) => {
    const problem = cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "it cannot be read";
    throw fail(coreErrors, "SOURCE_UNREADABLE", { component: about.component, path, problem }, { cause });
  });
  if (content.files === 0) throw fail(coreErrors, "SOURCE_EMPTY", { component: about.component, path });
  return { artifact: { kind: "directory", path, ...content } };
}

/** The content that a target takes from a folder. Rejects if it cannot be read. */
export async function readFolder(
  target: DeployTarget,
  about: ComponentReference,
  folder: string,
  call: CallOptions,
): Promise<{ readonly digest: string; readonly files: number }> {
  return digestDirectory(folder, await target.files?.({ ...about, folder }, call));
}
