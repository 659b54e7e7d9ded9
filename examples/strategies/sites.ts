import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Releases of the shop that run, each at an address of its own. */
export interface Sites {
  /** Addresses by the name of the image. */
  readonly addresses: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** `shop:broken` answers everything with an error, the others answer with their name, and `/broken` with an error. */
export async function startSites(images: readonly string[] = ["shop:1", "shop:2", "shop:3", "shop:broken"]): Promise<Sites> {
  const sites = await Promise.all(
    images.map(async (image) => {
      const server = createServer(({ url }, response) => {
        response.writeHead(image === "shop:broken" || url === "/broken" ? 500 : 200, { "content-type": "text/plain" }).end(image);
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      return { image, server, address: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/` };
    }),
  );
  return {
    addresses: Object.fromEntries(sites.map(({ image, address }) => [image, address])),
    async stop() {
      for (const { server } of sites) {
        server.closeAllConnections();
        server.close();
      }
      await Promise.all(sites.map(({ server }) => once(server, "close")));
    },
  };
}
