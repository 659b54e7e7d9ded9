import { once } from "node:events";
import { request, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Of the body. Throws where it is none. */
  json(): Record<string, unknown>;
}

interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, a text as it is. */
  readonly body?: object | string;
}

/** Asks over a connection of its own. */
export async function ask(port: number, path: string, { method = "GET", headers = {}, body }: Question = {}): Promise<Answer> {
  const bytes = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
  const own = body === undefined ? {} : { "content-type": "application/json", "content-length": String(Buffer.byteLength(bytes)) };
  const sent = request({ host: "127.0.0.1", port, path, method, agent: false, headers: { ...own, ...headers } }).end(bytes);
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  const received = await text(response);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: received,
    json: () => JSON.parse(received) as Record<string, unknown>,
  };
}

/** The beginning of an answer that does not end, until it holds a text; then the client goes. */
export async function askUntil(port: number, path: string, holds: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const sent = request({ host: "127.0.0.1", port, path, agent: false, headers }).end();
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  let body = "";
  for await (const bytes of response) {
    body += String(bytes);
    if (body.includes(holds)) break;
  }
  sent.destroy();
  return { status: response.statusCode ?? 0, headers: response.headers, body, json: () => ({}) };
}

/** What comes back for bytes as they are. */
export async function askRaw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.write(bytes, "latin1");
  return text(socket);
}
