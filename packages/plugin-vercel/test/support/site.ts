import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { digestOf, type Artifact, type ComponentReference, type PrepareInput, type Release } from "@fairlead/core";

export const component: ComponentReference = { application: "shop", environment: "production", component: "web", role: "web" };

/** A folder of files that goes with the machine's other temporary ones. */
export async function createSite(files: Readonly<Record<string, string>>): Promise<Artifact> {
  const path = await mkdtemp(join(tmpdir(), "fairlead-site-"));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content);
  }
  return { kind: "directory", digest: digestOf(files), files: Object.keys(files).length, path };
}

let minted = 0;

function createRelease(artifact: Artifact): Release {
  minted += 1;
  return {
    id: `rel_${String(minted).padStart(26, "0")}`,
    application: "shop",
    createdAt: "2026-01-02T03:04:05.000Z",
    provenance: {},
    artifacts: { web: artifact },
    migrations: [],
    contentDigest: artifact.digest,
  };
}

/** What `prepare` is given for a new release. */
export function toInput(artifact: Artifact, more: Partial<PrepareInput> = {}): PrepareInput {
  const release = createRelease(artifact);
  return { ...component, release, artifact, key: `key-${release.id}`, variables: {}, ...more };
}
