import { headerOf, type RequestBody } from "./exchange.js";
import type { NodeRequest } from "./node-handler.js";

const encoder = new TextEncoder();
const readings = new WeakMap<NodeRequest, AsyncIterator<Uint8Array, undefined>>();

/** The body of a request of Node: what a parser of the host has made of it, or at most `limit` bytes of it. Rejects where it breaks off. */
export async function readNodeBody(native: NodeRequest, limit: number): Promise<RequestBody> {
  const { body, readableDidRead } = native;
  if (typeof body === "string") return { kind: "bytes", bytes: encoder.encode(body) };
  if (body instanceof Uint8Array) return { kind: "bytes", bytes: body };
  // Parsers of Express 4 leave `{}` also where there is nothing that they read.
  if (body !== undefined && (readableDidRead !== false || !isEmptyObject(body))) return { kind: "parsed", value: body };
  if (readableDidRead === true) return { kind: "consumed" };
  const chunks: Uint8Array[] = [];
  const reading = readingOf(native);
  for (let size = 0; ;) {
    const { done = false, value } = await reading.next();
    if (value === undefined || done)
      return size === 0 && declaresBody(native) ? { kind: "consumed" } : { kind: "bytes", bytes: Buffer.concat(chunks) };
    size += value.length;
    if (size > limit) return { kind: "too-large" };
    chunks.push(value);
  }
}

/** Reads on and keeps nothing, at most `most` bytes more. Never rejects. */
export async function discardNodeBody(native: NodeRequest, most: number): Promise<void> {
  const reading = readingOf(native);
  try {
    for (let size = 0; size < most;) {
      const { done = false, value } = await reading.next();
      if (value === undefined || done) return;
      size += value.length;
    }
  } catch {
    // The client has gone: then there is nothing more to read.
  }
}

/** Not `for await`: leaving that early would end the connection before the answer. */
function readingOf(native: NodeRequest): AsyncIterator<Uint8Array, undefined> {
  const known = readings.get(native) ?? (native as AsyncIterable<Uint8Array, undefined>)[Symbol.asyncIterator]();
  readings.set(native, known);
  return known;
}

/** Bytes that are announced and do not come have been read before. Of chunks nobody knows, unless Node tells. */
function declaresBody({ headers = {}, readableDidRead }: NodeRequest): boolean {
  const length = Number(headerOf({ headers }, "content-length") ?? "0");
  const isUntold = readableDidRead === undefined && headerOf({ headers }, "transfer-encoding") !== undefined;
  return length > 0 || isUntold;
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}
