import type { HttpRequest, Reply, RequestBody, StreamReply } from "./exchange.js";
import { toRespond, type AnsweringHealth, type HealthHandlerOptions } from "./health-respond.js";
import { alwaysAnswering, createReference, failed, failedReply, tellSafely, type Report } from "./last-resort.js";
import { pathUnknown } from "./problem.js";

/** A `Request`, or what carries one: an event of SvelteKit, a context of Astro. */
export type FetchInput = Request | { readonly request: Request };

/** Takes a `Request`, or what carries one. */
export type FetchHandler = (input: FetchInput) => Promise<Response>;

type AnyRespond = (request: HttpRequest) => Reply | Promise<Reply> | undefined;

/**
 * Health for whatever speaks the Web's `Request` and `Response`: SvelteKit, Next, Hono, Bun, Deno. Only reads the snapshot, unless checks run on demand. A path that is not its own is a 404. Throws
 * `HTTP_BASE_PATH_INVALID`; the handler never rejects.
 */
export function toFetchHandler(health: AnsweringHealth, options?: HealthHandlerOptions): FetchHandler {
  return createFetch(alwaysAnswering(toRespond(health, options), options?.onError), options?.onError).fetch;
}

/** The Web's way to ask `respond`, which answers in any case. `report` is told what no `Response` can be made of, and with what a stream breaks off. */
export function createFetch(
  respond: AnyRespond,
  report: Report | undefined,
): {
  readonly fetch: FetchHandler;
  readonly fetchOwn: (input: FetchInput, native?: unknown) => Promise<Response> | undefined;
} {
  const own = (input: FetchInput, native: unknown = input): Promise<Response> | undefined => {
    const request = "request" in input ? input.request : input;
    const reply = respond(toHttpRequest(request, native));
    return reply === undefined ? undefined : Promise.resolve(reply).then((answer) => toResponse(answer, request.method, report));
  };
  return {
    fetchOwn: own,
    fetch: async (input) => {
      const { method } = "request" in input ? input.request : input;
      return own(input) ?? toResponse(pathUnknown(method), method, report);
    },
  };
}

function toHttpRequest(request: Request, native: unknown): HttpRequest {
  const { method, url, headers } = request;
  return { method, path: url, headers, native, readBody: (limit) => readBody(request, limit) };
}

async function readBody(request: Request, limit: number): Promise<RequestBody> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (request.bodyUsed) return { kind: "consumed" };
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array> | readonly Uint8Array[]) {
    size += chunk.length;
    if (size > limit) return { kind: "too-large" };
    chunks.push(chunk);
  }
  return { kind: "bytes", bytes: joined(chunks, size) };
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function toResponse(reply: Reply, method: string, report: Report | undefined): Response {
  try {
    return responseOf(reply, method, report);
  } catch (error) {
    return responseOf(failedReply(method, error, report), method, report);
  }
}

function responseOf(reply: Reply, method: string, report: Report | undefined): Response {
  const { status, headers } = reply;
  if ("stream" in reply) return new Response(toReadable(reply, report), { status, headers });
  const isEmpty = method === "HEAD" || status === 204 || status === 304;
  return new Response(isEmpty ? null : reply.body, { status, headers });
}

function toReadable({ stream }: StreamReply, report: Report | undefined): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const gone = new AbortController();
  const texts = stream(gone.signal)[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = await texts.next();
        // Nobody listens any more: what is closed cannot be told anything.
        if (gone.signal.aborted) return;
        if (next.done === true) controller.close();
        else controller.enqueue(encoder.encode(next.value));
      } catch (error) {
        if (gone.signal.aborted) return;
        gone.abort("it failed");
        const reference = createReference();
        tellSafely(() => report?.(error, reference));
        // What the host makes of it knows of no secrets.
        throw failed(reference);
      }
    },
    async cancel() {
      gone.abort("nobody listens any more");
      await texts.return?.();
    },
  });
}
