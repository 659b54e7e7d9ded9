import { once } from "node:events";
import type { AddressInfo, Server } from "node:net";

/** Has a server listen on loopback, until the clean-up, and answers its port. */
export async function listening(server: Server, cleanups: (() => unknown)[]): Promise<number> {
  server.listen(0, "127.0.0.1");
  cleanups.push(() => server.close());
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}
