import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from "node:http";

/** A request as it came. */
export interface Heard {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface HttpServer {
  readonly port: number;
  readonly origin: string;
  close(): void;
}

/** Serves on any port of loopback. */
export async function serve(answer: (heard: Heard, response: ServerResponse) => void): Promise<HttpServer> {
  const listen: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const url = new URL(request.url ?? "", "http://localhost");
      answer({ method: request.method ?? "", url, headers: request.headers, body: Buffer.concat(chunks).toString() }, response);
    });
  };
  const server = createServer(listen).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    port,
    origin: `http://127.0.0.1:${String(port)}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
