/** A reference as a registry and an engine understand it. */
export interface ImageReference {
  /** Host of the registry, `docker.io` where none is named. */
  readonly registry: string;
  readonly repository: string;
  /** A tag or a digest; `latest` where none is named. */
  readonly version: string;
  /** Whether the reference names content, which never changes, rather than a tag. */
  readonly isDigest: boolean;
}

/** Takes a reference apart: `registry.example:5000/shop/worker:1.4`, `worker`, `worker@sha256:…`. */
export function parseImageReference(reference: string): ImageReference {
  const [named = "", digest] = reference.split("@", 2);
  const first = named.includes("/") ? (named.split("/", 1)[0] ?? "") : "";
  const registry = /[.:]/.test(first) || first === "localhost" ? first : "docker.io";
  const colon = named.lastIndexOf(":");
  const hasTag = colon > named.lastIndexOf("/");
  const repository = hasTag ? named.slice(0, colon) : named;
  const version = digest ?? (hasTag ? named.slice(colon + 1) : "latest");
  return { registry, repository, version, isDigest: digest !== undefined };
}

/** Whether a reference is the id of an image that only this engine can have. */
export function isImageId(reference: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(reference);
}
