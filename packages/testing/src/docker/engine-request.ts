import { request } from "node:http";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Most a request may be silent, in milliseconds. */
const patience = 60_000;

export interface EngineAnswer {
  readonly status: number;
  readonly body: string;
}

/** Asks a Docker engine at a socket. Rejects when nobody answers. */
export async function engineRequest(
  socketPath: string,
  { method, path, tar }: { readonly method: "GET" | "POST"; readonly path: string; readonly tar?: Readable },
): Promise<EngineAnswer> {
  const headers = { connection: "close", ...(tar === undefined ? {} : { "content-type": "application/x-tar" }) };
  const call = request({ socketPath, method, path, headers, timeout: patience });
  call.on("timeout", () => call.destroy());
  const answer = new Promise<EngineAnswer>((resolve, reject) => {
    call.on("error", reject);
    call.on("response", (response) => {
      response.setEncoding("utf8");
      let body = "";
      response.on("data", (text: string) => {
        body += text;
      });
      response.on("error", reject);
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, body });
      });
    });
  });
  if (tar === undefined) call.end();
  else await Promise.race([pipeline(tar, call), answer]);
  return answer;
}

/** The problem that a build or an import ended with, if any: the engine answers 200 and says it in one of the lines. */
export function problemOf({ status, body }: EngineAnswer): string | undefined {
  for (const line of body.split("\n")) {
    const said =
      /"error"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(line)?.[1] ?? (status < 300 ? undefined : /"message"\s*:\s*"(.*)"/.exec(line)?.[1]);
    if (said !== undefined) return said;
  }
  return status < 300 ? undefined : `it answered ${String(status)}`;
}
