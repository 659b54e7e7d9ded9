import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Small sites of their own address, each of which answers with its name; `/broken` with an error. */
export interface Upstreams {
  /** Starts another one. */
  start(): Promise<{ readonly id: string; readonly url: string }>;
  /** Resolves when a request to `/held` has reached one of them; what it resolves with answers it. */
  readonly held: () => Promise<() => void>;
  stop(): Promise<void>;
}

let made = 0;

export function createUpstreams(): Upstreams {
  const servers: ReturnType<typeof createServer>[] = [];
  const waiting: (() => void)[] = [];
  const arrivals: ((answer: () => void) => void)[] = [];
  return {
    async start() {
      made += 1;
      const id = `side-${String(made)}`;
      const server = createServer((request, response: ServerResponse) => {
        const answer = (): void => void response.setHeader("content-type", "text/plain").end(id);
        const arrived = request.url === "/held" ? arrivals.shift() : undefined;
        if (request.url === "/broken") response.writeHead(500, { "content-type": "text/plain" }).end(id);
        else if (request.url !== "/held") answer();
        else if (arrived === undefined) waiting.push(answer);
        else arrived(answer);
      });
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return { id, url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` };
    },
    held: () =>
      new Promise((resolve) => {
        const answer = waiting.shift();
        if (answer === undefined) arrivals.push(resolve);
        else resolve(answer);
      }),
    async stop() {
      for (const server of servers) server.closeAllConnections();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}
