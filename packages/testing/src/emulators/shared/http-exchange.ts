import type { IncomingMessage, ServerResponse } from "node:http";
import { doFault } from "./do-fault.js";
import type { EmulatorClock } from "./emulator-clock.js";
import type { FaultBook } from "./fault-book.js";
import type { HeldResponses } from "./held-responses.js";
import { toBodyRecord, type LedgerBook, type OpenRequest } from "./ledger.js";
import type { CallIdentity, HttpProvider, ProviderAnswer, ProviderCall } from "./provider.js";

/** What the frame around a provider consists of. */
export interface EmulatorFrame {
  readonly clock: EmulatorClock;
  readonly faults: FaultBook;
  readonly held: HeldResponses;
  readonly ledger: LedgerBook;
}

/** Takes one request through the ledger, its fault and the provider, and answers it or does not. */
export async function exchange(frame: EmulatorFrame, provider: HttpProvider, call: ProviderCall, response: ServerResponse): Promise<void> {
  const identity = provider.identify(call);
  const record = identity.host === undefined ? openRecord(frame, call, identity) : undefined;
  const fault = frame.faults.take({ method: call.method, path: call.path, operation: identity.operation, host: identity.host });
  if (fault !== undefined) record?.strike(fault.kind);
  const act = async (): Promise<ProviderAnswer> =>
    provider.act(call, {
      effect(kind, subject, details = {}) {
        frame.ledger.effect({ at: frame.clock.now(), kind, subject, details, ...(record === undefined ? {} : { request: record.number }) });
      },
    });
  const answer =
    fault === undefined
      ? await act()
      : await doFault(fault, {
          act,
          refuse: (status) => provider.refuse(status, call),
          hold: (acted) => frame.held.hold({ request: record?.number ?? 0, operation: identity.operation, acted }),
          reset: () => response.socket?.resetAndDestroy(),
          end: () => response.socket?.end(),
        });
  if (answer !== undefined) await send(response, answer, record);
}

async function send(response: ServerResponse, answer: ProviderAnswer, record: OpenRequest | undefined): Promise<void> {
  if (response.destroyed) return;
  const { status, headers = {}, body = "" } = answer;
  record?.answered(status);
  if (typeof body === "string" || body instanceof Uint8Array) {
    response.writeHead(status, { ...headers, "content-length": String(Buffer.byteLength(body)) });
    response.end(response.req.method === "HEAD" ? undefined : body);
    return;
  }
  response.writeHead(status, headers);
  for await (const chunk of body) {
    if (response.closed) return;
    response.write(chunk);
  }
  response.end();
}

function openRecord({ ledger, clock }: EmulatorFrame, call: ProviderCall, identity: CallIdentity): OpenRequest {
  return ledger.open({
    at: clock.now(),
    operation: identity.operation,
    method: call.method,
    path: identity.path,
    query: Object.fromEntries(call.query),
    headers: withoutCredentials(call.headers),
    authorized: identity.authorized,
    body: toBodyRecord(call.body, identity.digestOnly),
  });
}

const credentialHeaders = new Set(["authorization", "cookie", "proxy-authorization", "x-vercel-protection-bypass"]);

function withoutCredentials(headers: IncomingMessage["headers"]): Record<string, string> {
  const kept = Object.entries(headers).map(([name, value]): [string, string] => [
    name,
    credentialHeaders.has(name) ? "[credential]" : Array.isArray(value) ? value.join(", ") : (value ?? ""),
  ]);
  return Object.fromEntries(kept);
}
