import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { headerOf, type HttpRequest, type RequestBody } from "./exchange.js";

const types = { json: "application/json", form: "application/x-www-form-urlencoded" };

/**
 * The body as data; an empty one is `{}`. A parser of the host may have been there before. Throws `HTTP_CONTENT_TYPE_UNKNOWN`, `HTTP_BODY_TOO_LARGE` and `HTTP_BODY_INVALID`.
 */
export async function readRequestBody(request: HttpRequest, encoding: "json" | "form", limit: number): Promise<unknown> {
  const expected = types[encoding];
  const declared = Number(headerOf(request, "content-length") ?? "0");
  if (declared > limit) throw fail(coreErrors, "HTTP_BODY_TOO_LARGE", { limit });
  const body = await read(request, limit);
  if (body?.kind === "too-large") throw fail(coreErrors, "HTTP_BODY_TOO_LARGE", { limit });
  if (body?.kind === "consumed") throw fail(coreErrors, "HTTP_BODY_INVALID", { problem: "the host has read it before" });
  if (body === undefined || (body.kind === "bytes" && body.bytes.length === 0)) return {};
  const given = headerOf(request, "content-type")?.split(";", 1)[0]?.trim().toLowerCase();
  if (given !== expected) throw fail(coreErrors, "HTTP_CONTENT_TYPE_UNKNOWN", { expected });
  if (body.kind === "parsed") return body.value;
  const text = textOf(body.bytes);
  return encoding === "form" ? Object.fromEntries(new URLSearchParams(text)) : parsed(text);
}

async function read(request: HttpRequest, limit: number): Promise<RequestBody | undefined> {
  try {
    return await request.readBody?.(limit);
  } catch (cause) {
    throw fail(coreErrors, "HTTP_BODY_INVALID", { problem: "it broke off" }, { cause });
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw fail(coreErrors, "HTTP_BODY_INVALID", { problem: "it is not UTF-8" });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // What the parser says quotes the body.
    throw fail(coreErrors, "HTTP_BODY_INVALID", { problem: "it is not JSON" });
  }
}
