import { createHash } from "node:crypto";
import { fail, type Artifact, type Candidate, type DeployTarget, type Release } from "@fairlead/core";
import type { EdgeApi } from "./edge-api.ts";
import { edgeErrors } from "./edge-errors.ts";

interface Options {
  readonly url: string;
  readonly addresses: Readonly<Record<string, string>>;
}

/** Candidates are upstreams of the edge, the one that serves is its primary. */
export function edgeTarget(api: EdgeApi, { url, addresses }: Options): DeployTarget {
  return {
    roles: ["web"],
    description: `the edge at ${url}`,
    async prepare({ artifact, release, key, ...component }, call) {
      const candidate = { id: idOf(key), url: noted(addressOf(artifact, addresses), release) };
      await api.change(component, call, { method: "PUT", path: `upstreams/${candidate.id}`, body: { url: candidate.url } });
      return candidate;
    },
    async observe({ key, ...component }, call) {
      const address = (await api.read(component, call)).upstreams[idOf(key)];
      return address === undefined ? { status: "absent" } : { status: "applied", candidate: { id: idOf(key), url: address } };
    },
    async promote({ candidate, ...component }, call) {
      await api.change(component, call, { method: "PUT", path: "primary", body: { upstream: candidate.id } });
    },
    async current(component, call) {
      const { primary, upstreams } = await api.read(component, call);
      const address = primary === undefined ? undefined : upstreams[primary];
      if (primary === undefined || address === undefined) return undefined;
      return { candidate: { id: primary, url: address }, release: noteOf(address).release, settled: true };
    },
    async retained(component, call) {
      const { primary, upstreams } = await api.read(component, call);
      return Object.entries(upstreams)
        .filter(([id]) => id !== primary)
        .map(([id, address]) => ({ candidate: { id, url: address } satisfies Candidate, ...noteOf(address) }))
        .sort((one, other) => other.createdAt.localeCompare(one.createdAt));
    },
    async discard({ candidate, ...component }, call) {
      await api.change(component, call, { method: "DELETE", path: `upstreams/${candidate.id}` });
    },
    // Its names of images never mean another image.
    resolve: ({ reference }) =>
      Promise.resolve({ digest: `sha256:${createHash("sha256").update(reference).digest("hex")}`, pinned: reference }),
  };
}

/** The same key is the same upstream: who asks twice has made one. */
function idOf(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 16);
}

function addressOf(artifact: Artifact, addresses: Options["addresses"]): string {
  const reference = artifact.kind === "image" ? artifact.reference : "a folder";
  const address = addresses[reference];
  if (address === undefined) throw fail(edgeErrors, "EDGE_IMAGE_UNKNOWN", { image: reference });
  return address;
}

/** All that an edge keeps of an upstream is its address, so that what else is to be known later stands in the query. */
function noted(address: string, { id, createdAt }: Release): string {
  return `${address}?${new URLSearchParams({ release: id, createdAt }).toString()}`;
}

function noteOf(address: string): { readonly release: string; readonly createdAt: string } {
  const { searchParams } = new URL(address);
  return { release: searchParams.get("release") ?? "", createdAt: searchParams.get("createdAt") ?? "" };
}
