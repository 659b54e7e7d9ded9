import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";

export interface Registry extends AsyncDisposable {
  /** `127.0.0.1:<port>`: engines speak plain HTTP with registries on loopback. */
  readonly host: string;
  /** Puts an image under a tag, in place of what was there; answers the image's id and the manifest's digest. */
  push(tag: string, command: readonly string[]): { readonly imageId: string; readonly digest: string };
  /** Manifests that were asked for. */
  readonly asked: string[];
}

const types = {
  manifest: "application/vnd.docker.distribution.manifest.v2+json",
  config: "application/vnd.docker.container.image.v1+json",
  layer: "application/vnd.docker.image.rootfs.diff.tar.gzip",
};

/** A registry with one repository, `shop/worker`, that speaks as much of the distribution API as a pull needs. */
export async function startRegistry(login?: { readonly username: string; readonly password: string }): Promise<Registry> {
  const blobs = new Map<string, Buffer>();
  const manifests = new Map<string, Buffer>();
  const asked: string[] = [];
  const authorization = login === undefined ? undefined : `Basic ${Buffer.from(`${login.username}:${login.password}`).toString("base64")}`;

  const server = createServer((request, response) => {
    const send = (status: number, body: Buffer | string, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { ...headers, "content-length": String(Buffer.byteLength(body)) });
      response.end(request.method === "HEAD" ? undefined : body);
    };
    const refuse = (status: number, code: string, headers?: Record<string, string>): void => {
      send(status, JSON.stringify({ errors: [{ code, message: code.toLowerCase().replaceAll("_", " ") }] }), headers);
    };
    if (authorization !== undefined && request.headers.authorization !== authorization) {
      refuse(401, "UNAUTHORIZED", { "www-authenticate": 'Basic realm="shop"' });
      return;
    }
    const [, kind, name = ""] = /^\/v2\/shop\/worker\/(manifests|blobs)\/(.+)$/.exec(request.url ?? "") ?? [];
    const found = (kind === "blobs" ? blobs : manifests).get(name);
    if (request.url === "/v2/") send(200, "{}");
    else if (found === undefined) refuse(404, "MANIFEST_UNKNOWN");
    else if (kind === "blobs") send(200, found);
    else {
      asked.push(name);
      send(200, found, { "content-type": types.manifest, "docker-content-digest": digestOf(found) });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  const keep = (blob: Buffer): { readonly size: number; readonly digest: string } => {
    blobs.set(digestOf(blob), blob);
    return { size: blob.length, digest: digestOf(blob) };
  };
  return {
    host: `127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    asked,
    push(tag, command) {
      const emptyTar = Buffer.alloc(1024);
      const architecture = process.arch === "x64" ? "amd64" : process.arch;
      const description = {
        architecture,
        os: "linux",
        config: { Cmd: command },
        rootfs: { type: "layers", diff_ids: [digestOf(emptyTar)] },
        history: [{ created: "2026-01-02T03:04:05Z" }],
      };
      const config = keep(Buffer.from(JSON.stringify(description)));
      const layer = keep(gzipSync(emptyTar));
      const layers = [{ mediaType: types.layer, ...layer }];
      const manifest = Buffer.from(
        JSON.stringify({ schemaVersion: 2, mediaType: types.manifest, config: { mediaType: types.config, ...config }, layers }),
      );
      manifests.set(tag, manifest);
      manifests.set(digestOf(manifest), manifest);
      return { imageId: config.digest, digest: digestOf(manifest) };
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}
