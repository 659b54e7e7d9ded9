import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Serves files by their path on loopback, as a bucket would. */
export async function serveFiles(files: Readonly<Record<string, string>>): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer(({ url = "" }, response) => {
    const file = files[url.slice(1)];
    response.writeHead(file === undefined ? 404 : 200, { "content-type": "application/json" }).end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
