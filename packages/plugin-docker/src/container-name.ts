import { digestOf, type ComponentReference } from "@fairlead/core";

/** Longest that a network still resolves as a host name. */
const longestName = 63;

/**
 * The name of the container for a key, e.g. `shop.production.worker.q3x7vd-1c9e04b2`: the same for the same key wherever it is made, so that the engine lets only
 * one of several makers have it.
 */
export function containerName({ application, environment, component }: ComponentReference, release: string, key: string): string {
  const suffix = `${slug(release).slice(-6)}-${digestOf({ application, environment, component, key }).slice("sha256:".length).slice(0, 8)}`;
  const readable = [application, environment, component].map(slug).join(".");
  return `${readable.slice(0, longestName - suffix.length - 1)}.${suffix}`;
}

function slug(text: string): string {
  return text.replace(/[^A-Za-z0-9_-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "") || "x";
}
