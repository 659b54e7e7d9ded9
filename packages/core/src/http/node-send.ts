import { backgroundClock } from "../time/background-clock.js";
import { systemClock } from "../time/clock.js";
import type { HttpReply, Reply, StreamReply } from "./exchange.js";
import { failedReply, tellSafely, type Report } from "./last-resort.js";
import { discardNodeBody } from "./node-body.js";
import type { NodeRequest } from "./node-handler.js";

/** The response of Node that belongs to a request, as far as it is used. */
export interface NodeResponse {
  writeHead(status: number, headers: Record<string, string>): unknown;
  end(body: Uint8Array | string): unknown;
  write?(bytes: Uint8Array): boolean;
  on?(event: "close" | "drain" | "error", listener: () => void): unknown;
  off?(event: "drain", listener: () => void): unknown;
  /** Whether somebody has begun to answer. */
  readonly headersSent?: boolean;
  /** Whether the client has gone. */
  readonly destroyed?: boolean;
  /** HTTP/2: what tells it there. */
  readonly stream?: { readonly destroyed?: boolean; close?(code: number): void } | null;
}

const encoder = new TextEncoder();
const nothing = new Uint8Array(0);
const clock = backgroundClock(systemClock);

/** A client that is refused while it still sends is listened to for so long, in milliseconds, and for so many bytes: ended at once, its connection would be reset before it has read the answer. */
const linger = { milliseconds: 2_000, bytes: 4 * 1024 * 1024 };

/** Who is answered, and who is told where that fails. */
interface Sending {
  readonly request: NodeRequest;
  readonly response: NodeResponse;
  readonly report: Report | undefined;
}

/** Sends an answer, or where that fails that it failed. Never throws. */
export function sendSafely(sending: Sending, reply: Reply): void {
  try {
    send(sending, reply);
  } catch (error) {
    sendFailure(sending, error);
  }
}

function sendFailure({ request, response, report }: Sending, error: unknown): void {
  // The host has answered meanwhile.
  if (response.headersSent !== false) return;
  try {
    const { status, headers, body } = failedReply(request.method, error, report);
    response.writeHead(status, { ...headers });
    response.end(body);
  } catch {
    // There is no way left to say so.
  }
}

function send(sending: Sending, reply: Reply): void {
  const { request, response } = sending;
  const { status, headers } = reply;
  if (status === 413 && request.complete === false && !("stream" in reply)) {
    sendRefusal(request, response, reply).catch((error: unknown) => sendFailure(sending, error));
    return;
  }
  // A copy: what wraps `writeHead` (compression, tracing) may write into the headers, and these go to everybody.
  response.writeHead(status, { ...headers });
  if ("stream" in reply) void sendStream(sending, reply);
  else response.end(reply.text ?? reply.body);
}

/** The answer at once, and an end to what comes: nobody wants the rest. */
async function sendRefusal(request: NodeRequest, response: NodeResponse, { status, headers, body }: HttpReply): Promise<void> {
  response.on?.("error", () => undefined);
  if (response.stream?.close !== undefined) {
    // HTTP/2 ends this stream alone, and says that it was no error.
    response.writeHead(status, { ...headers });
    response.end(body);
    response.stream.close(0);
    return;
  }
  response.writeHead(status, { ...headers, connection: "close" });
  response.write?.(body);
  const over = new AbortController();
  const inTime = clock.sleep(linger.milliseconds, { signal: over.signal }).catch(() => undefined);
  await Promise.race([discardNodeBody(request, linger.bytes), inTime]);
  over.abort("over");
  response.end(nothing);
}

async function sendStream({ response, report }: Sending, { stream }: StreamReply): Promise<void> {
  // Who went while the answer was made has been told of by `close` before: nothing would ever end the stream.
  if (response.destroyed === true || response.stream?.destroyed === true) return;
  const gone = new AbortController();
  response.on?.("close", () => {
    gone.abort("nobody listens any more");
  });
  response.on?.("error", () => undefined);
  try {
    for await (const text of stream(gone.signal)) {
      if (gone.signal.aborted) break;
      if (response.write?.(encoder.encode(text)) === false) await drained(response, gone.signal);
    }
  } catch (error) {
    // The head is sent: all that can be said to who listens is that it ends.
    tellSafely(() => report?.(error, undefined));
  }
  response.end(nothing);
}

function drained(response: NodeResponse, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const onDrain = (): void => {
      response.off?.("drain", onDrain);
      gone.removeEventListener("abort", onDrain);
      resolve();
    };
    response.on?.("drain", onDrain);
    gone.addEventListener("abort", onDrain, { once: true });
  });
}
