import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What a shop needs: `search` answers, `payments` never does. */
export interface Services {
  /** As `SERVICES` names them. */
  readonly list: string;
  /** Idempotent. */
  stop(): void;
}

export async function startServices(): Promise<Services> {
  const server = createServer(({ url }, response) => {
    if (url === "/search") response.end("ok");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return {
    list: `search=${origin}/search,payments=${origin}/payments`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
