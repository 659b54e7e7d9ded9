import { get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Sample } from "./samples.ts";

/** A client that asks production again and again, each time on a new connection, and remembers every answer. */
export interface Watch {
  readonly startedAt: number;
  readonly samples: readonly Sample[];
  /** Resolves when the request under way has been answered. */
  stop(): Promise<void>;
}

/** Most a request may take, in milliseconds; what takes longer counts as a connection error. */
const patience = 5_000;

/** Begins to watch. `url` names what says the release: JSON with a `release`. Between two requests lie `every` milliseconds. */
export function watchProduction(url: URL, every: number): Watch {
  const samples: Sample[] = [];
  const stopping = new AbortController();
  const startedAt = Date.now();
  const watching = (async () => {
    while (!stopping.signal.aborted) {
      const sentAt = Date.now();
      const answer = await ask(url);
      const receivedAt = Date.now();
      samples.push({ sentAt, receivedAt, ...answer });
      await sleep(Math.max(0, sentAt + every - receivedAt), undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    startedAt,
    samples,
    async stop() {
      stopping.abort();
      await watching;
    },
  };
}

function ask(url: URL): Promise<Pick<Sample, "status" | "release" | "problem">> {
  return new Promise((resolve) => {
    const fail = (error: Error): void => {
      resolve({ status: null, release: null, problem: error.message });
    };
    const request = get(url, { agent: false, timeout: patience }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (text: string) => {
        body += text;
      });
      response.on("error", fail);
      response.on("end", () => {
        resolve({ status: response.statusCode ?? null, release: releaseIn(body), problem: null });
      });
    });
    request.on("timeout", () => request.destroy(new Error(`no answer within ${patience} ms`)));
    request.on("error", fail);
  });
}

function releaseIn(body: string): string | null {
  try {
    const { release }: { readonly release?: unknown } = JSON.parse(body);
    return typeof release === "string" ? release : null;
  } catch {
    return null;
  }
}
