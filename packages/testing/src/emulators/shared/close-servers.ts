import type { Server } from "node:http";

/** Stops servers at once, with what they are still answering. */
export async function closeServers(servers: Iterable<Server>): Promise<void> {
  const closing = [...servers].map(
    (server) =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  );
  await Promise.all(closing);
}
