import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { closeServers } from "./close-servers.js";
import { controlPrefix, createControlEndpoint } from "./control-endpoint.js";
import { exchange, type EmulatorFrame } from "./http-exchange.js";
import { jsonAnswer, type ControlledState, type HttpProvider, type ProviderCall } from "./provider.js";

/** Where an emulator listens. */
export interface ListenOptions {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
}

/** The HTTP servers of one emulator: one for the provider and its control endpoint, and one more for each host that asks for its own port. */
export interface HttpEmulator {
  /** Starts to listen and returns the origin. */
  listen(options?: ListenOptions): Promise<string>;
  /** The origin of a listener that treats every request as one to `host`. The same host gets the same origin again. */
  listenFor(host: string): Promise<string>;
  /** Stops at once; what hangs is cut off. */
  close(): Promise<void>;
}

export function createHttpEmulator(frame: EmulatorFrame, provider: HttpProvider | undefined, state: ControlledState): HttpEmulator {
  const control = createControlEndpoint(frame, state);
  const servers = new Map<string, { readonly server: Server; readonly origin: Promise<string> }>();

  const answer = async (request: IncomingMessage, response: ServerResponse, host?: string): Promise<void> => {
    const call = toCall(request, await readBody(request), host);
    if (call.path.startsWith(controlPrefix)) {
      const { status, headers, body } = await control(call);
      response.writeHead(status, headers).end(body);
    } else if (provider === undefined) {
      const { status, headers, body } = jsonAnswer(404, { reason: "this port is for control only" });
      response.writeHead(status, headers).end(body);
    } else {
      await exchange(frame, provider, call, response);
    }
  };

  const start = (key: string, { host = "127.0.0.1", port = 0 }: ListenOptions, site?: string): Promise<string> => {
    const known = servers.get(key);
    if (known !== undefined) return known.origin;
    const server = createServer((request, response) => {
      response.on("error", () => undefined);
      answer(request, response, site).catch((error: unknown) => {
        // A client that went away while it was sending is no failure of the emulator; anything else must be seen.
        if (request.complete && !response.headersSent) response.writeHead(500).end(`emulator failed: ${String(error)}`);
        else response.destroy();
      });
    });
    // An idle connection that the server closes meets the next request as a reset that no fault asked for.
    server.keepAliveTimeout = 0;
    server.requestTimeout = 0;
    const origin = new Promise<string>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, () => {
        resolve(`http://${host}:${String((server.address() as AddressInfo).port)}`);
      });
    });
    servers.set(key, { server, origin });
    return origin;
  };

  return {
    listen: (options = {}) => start("", options),
    listenFor: (host) => start(host, {}, host),
    async close() {
      frame.held.drop();
      const listening = [...servers.values()].map(({ server }) => server);
      servers.clear();
      await closeServers(listening);
    },
  };
}

/** The header that names the site that is meant where a host name cannot be resolved to the emulator. */
export const siteHostHeader = "x-fairlead-emulator-host";

function toCall(request: IncomingMessage, body: Uint8Array, host: string | undefined): ProviderCall {
  const url = new URL(request.url ?? "/", "http://emulator");
  const headers = host === undefined ? request.headers : { ...request.headers, [siteHostHeader]: host };
  return { method: request.method ?? "GET", path: url.pathname, query: url.searchParams, headers, body };
}

async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
