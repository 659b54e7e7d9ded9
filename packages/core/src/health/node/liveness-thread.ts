import type * as http from "node:http";
import type * as threads from "node:worker_threads";

/** What the thread is given. */
export interface LivenessData {
  /** When the event loop was last seen turning, by `process.hrtime`: of the clocks the only one that threads share and nobody sets. */
  readonly beat: BigInt64Array;
  /** 1 when a liveness check is down. */
  readonly dead: Int32Array;
  readonly release: string | null;
  readonly host: string;
  readonly port: number;
  /** In milliseconds. */
  readonly within: number;
  /** How often the event loop says that it turns, in milliseconds. */
  readonly every: number;
}

/** Runs in the worker, from its text: it must use nothing but its parameters and what every thread has. So no bundler can lose its file. */
export function serveLiveness({ createServer }: typeof http, { parentPort, workerData }: typeof threads): void {
  const { beat, dead, release, host, port, within, every } = workerData as LivenessData;
  const server = createServer(({ method }, response) => {
    if (method !== "GET" && method !== "HEAD") {
      response.writeHead(405, { allow: "GET, HEAD" }).end();
      return;
    }
    const since = Number(process.hrtime.bigint() - Atomics.load(beat, 0)) / 1e6;
    const blocked = Math.max(0, Math.round(since - every));
    const isLive = blocked <= within && Atomics.load(dead, 0) === 0;
    const status = isLive ? "healthy" : "unhealthy";
    const body = JSON.stringify({ status, ...(release === null ? {} : { release }), blocked });
    const headers = {
      "content-type": "application/json; charset=utf-8",
      "content-length": Buffer.byteLength(body),
      "cache-control": "no-cache",
    };
    response.writeHead(isLive ? 200 : 503, headers);
    response.end(method === "HEAD" ? undefined : body);
  });
  server.listen(port, host, () => {
    const address = server.address();
    parentPort?.postMessage({ port: typeof address === "object" && address !== null ? address.port : port });
  });
}
