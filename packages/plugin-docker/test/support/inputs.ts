import type { ComponentReference, PrepareInput, Release } from "@fairlead/core";
import { randomUUID } from "node:crypto";

/** A component that no other test has. */
export function createComponent(component = "worker"): ComponentReference {
  return { application: `shop-${randomUUID().slice(0, 8)}`, environment: "preview/pr-12", component, role: "worker" };
}

let minted = 0;

function createRelease(application: string): Release {
  minted += 1;
  return {
    id: `rel_${String(minted).padStart(26, "0")}`,
    application,
    createdAt: "2026-01-02T03:04:05.000Z",
    provenance: {},
    artifacts: {},
    migrations: [],
    contentDigest: `sha256:${"0".repeat(64)}`,
  };
}

/** What `prepare` is given for a new release of a component that runs this image. */
export function toPrepareInput(reference: ComponentReference, image: string, options: Partial<PrepareInput> = {}): PrepareInput {
  return {
    ...reference,
    release: createRelease(reference.application),
    artifact: { kind: "image", digest: `sha256:${"1".repeat(64)}`, reference: image },
    key: randomUUID(),
    variables: {},
    ...options,
  };
}
