import type { IncomingHttpHeaders } from "node:http";
import type { Json, JsonObject } from "@fairlead/core";
import type { StatusFault } from "./fault.js";

/** A request as an emulated provider sees it. */
export interface ProviderCall {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

/** What the provider answers. An async iterable is streamed. */
export interface ProviderAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | AsyncIterable<string>;
}

/** What a request is, before anything is done about it. */
export interface CallIdentity {
  readonly operation: string;
  readonly authorized: boolean;
  /** The path as the ledger may keep it, without credentials. */
  readonly path: string;
  /** Set for a request to a hosted site: it is no provider request, so it gets no number. */
  readonly host?: string;
  /** The ledger keeps no more than the digest of the body: it holds secret values, or is content that would only fill it. */
  readonly digestOnly?: boolean;
}

/** Records that something changed at the provider. */
export type RecordEffect = (kind: string, subject: string, details?: JsonObject) => void;

/** What acting on a request may do besides answering. */
export interface ActContext {
  readonly effect: RecordEffect;
}

/** One emulated provider behind HTTP. All of its state is its own; the frame around it numbers requests and does the faults. */
export interface HttpProvider {
  identify(call: ProviderCall): CallIdentity;
  act(call: ProviderCall, context: ActContext): ProviderAnswer | Promise<ProviderAnswer>;
  /** The provider's own way to say a status that a fault asks for. */
  refuse(fault: StatusFault, call: ProviderCall): ProviderAnswer;
}

/** What every emulator answers on its control endpoint, besides faults and the ledger. */
export interface ControlledState {
  /** Sections that the ledger has besides requests and effects. */
  ledger(): JsonObject;
  /** What the provider would show now, for assertions. */
  state(): JsonObject;
  /** Changes settings; throws with a reason if one is unknown or wrong. Returns all of them. */
  configure(settings: unknown): JsonObject | Promise<JsonObject>;
  /** Everything that `restore` needs. */
  snapshot(): unknown;
  /** Goes back to a snapshot, or to the start. */
  restore(snapshot: unknown): void;
  /** Calls of this emulator alone, below `/__emulator/`. `undefined`: there is none of that name. */
  extra?(name: string, body: unknown): Promise<JsonObject | undefined>;
}

/** A JSON answer. */
export function jsonAnswer(status: number, value: Json, headers: Readonly<Record<string, string>> = {}): ProviderAnswer {
  return { status, headers: { "content-type": "application/json; charset=utf-8", ...headers }, body: JSON.stringify(value) };
}

/** The body as JSON, or `undefined` where it is none. */
export function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
