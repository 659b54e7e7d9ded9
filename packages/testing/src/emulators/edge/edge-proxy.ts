import { createServer, request as ask, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { closeServers } from "../shared/close-servers.js";
import type { EdgeState } from "./edge-state.js";

/** By which a user stays with an upstream while it has a share. */
const cookie = "edge-side";

/** The addresses that users send requests to: one port for each service. */
export interface EdgeProxy {
  /** The origin of a service. The same service gets the same origin again. */
  originOf(service: string): Promise<string>;
  /** Stops at once. */
  close(): Promise<void>;
}

/** Sends each request on to the upstream that it is meant for, and its answer back, as both come. */
export function createEdgeProxy(state: EdgeState, host: string): EdgeProxy {
  const servers = new Map<string, { readonly server: Server; readonly origin: Promise<string> }>();
  const start = (service: string): { readonly server: Server; readonly origin: Promise<string> } => {
    const server = createServer((request, response) => {
      forward(state, service, request, response);
    });
    // An idle connection that the server closes meets a user's next request as a reset, which would be a lost one.
    server.keepAliveTimeout = 0;
    server.requestTimeout = 0;
    const origin = new Promise<string>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, host, () => {
        resolve(`http://${host}:${String((server.address() as AddressInfo).port)}`);
      });
    });
    const running = { server, origin };
    servers.set(service, running);
    return running;
  };
  return {
    originOf: (service) => (servers.get(service) ?? start(service)).origin,
    async close() {
      const listening = [...servers.values()].map(({ server }) => server);
      servers.clear();
      await closeServers(listening);
    },
  };
}

function forward(state: EdgeState, name: string, request: IncomingMessage, response: ServerResponse): void {
  const service = state.service(name);
  const upstream = state.choose(service, sideOf(request.headers.cookie));
  const address = service.upstreams[upstream ?? ""];
  if (upstream === undefined || address === undefined) {
    service.failed += 1;
    response.writeHead(503, { "content-type": "text/plain" }).end("nothing serves here");
    return;
  }
  const end = state.begin(name, upstream);
  const count = (service.counts[upstream] ??= { requests: 0, errors: 0 });
  count.requests += 1;
  const isSharing = service.shift !== undefined;
  const headers = { ...request.headers, host: new URL(address).host, connection: "close" };
  // Without an agent every request has a connection of its own: one that idles may be closed by the upstream just as the next request goes out, which would be lost.
  const onward = ask(new URL(request.url ?? "/", address), { method: request.method ?? "GET", headers, agent: false });
  onward.on("response", (answer) => {
    service.answered[upstream] = (service.answered[upstream] ?? 0) + 1;
    if ((answer.statusCode ?? 502) >= 500) count.errors += 1;
    const side = isSharing ? [`${cookie}=${encodeURIComponent(upstream)}; Path=/; HttpOnly`] : [];
    const { connection: _, ...kept } = answer.headers;
    response.writeHead(answer.statusCode ?? 502, { ...kept, "set-cookie": [...(answer.headers["set-cookie"] ?? []), ...side] });
    answer.pipe(response);
    answer.on("error", () => response.destroy());
  });
  onward.on("error", () => {
    if (response.headersSent || response.destroyed) return void response.destroy();
    service.failed += 1;
    count.errors += 1;
    response.writeHead(502, { "content-type": "text/plain" }).end("the upstream does not answer");
  });
  response.on("close", () => {
    end();
    onward.destroy();
  });
  request.pipe(onward);
}

function sideOf(cookies: string | undefined): string | undefined {
  const value = /(?:^|;\s*)edge-side=([^;]+)/.exec(cookies ?? "")?.[1];
  try {
    return value === undefined ? undefined : decodeURIComponent(value);
  } catch {
    return undefined;
  }
}
