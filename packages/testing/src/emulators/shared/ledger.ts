import { createHash } from "node:crypto";
import type { JsonObject } from "@fairlead/core";
import type { FaultKind } from "./fault.js";

/** One request that reached the provider, in order of arrival. Values of credentials are never kept. */
export interface RequestRecord {
  /** 1, 2, 3 … since the start or the last reset. */
  readonly number: number;
  /** Milliseconds since the epoch, by the emulator's clock. */
  readonly at: number;
  readonly operation: string;
  readonly method: string;
  /** Without the query; a credential in it reads `[credential]`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the expected credential came with it. */
  readonly authorized: boolean;
  readonly body: BodyRecord;
  /** The fault that was done to it. */
  readonly fault?: FaultKind;
  /** What was answered; `null` while nothing was, and for ever where the answer was lost. */
  readonly status: number | null;
}

/** A request's body: text up to 64 KiB as it came, anything else by its digest. */
export interface BodyRecord {
  readonly bytes: number;
  readonly sha256: string;
  readonly text?: string;
}

/** Something that a request (or the clock) changed at the provider, counted by the emulator. */
export interface Effect {
  /** 1, 2, 3 … since the start or the last reset. */
  readonly sequence: number;
  readonly at: number;
  /** For example `deployment.created`, `production.moved`, `message.received`. */
  readonly kind: string;
  /** The id of what was changed. */
  readonly subject: string;
  readonly details: JsonObject;
  /** The number of the request that caused it; absent where time did. */
  readonly request?: number;
}

/** What an emulator knows to have happened. */
export interface Ledger {
  readonly requests: readonly RequestRecord[];
  readonly effects: readonly Effect[];
}

/** A request record that is still open. */
export interface OpenRequest {
  readonly number: number;
  strike(kind: FaultKind): void;
  answered(status: number): void;
}

export interface LedgerBook {
  open(request: Omit<RequestRecord, "number" | "fault" | "status">): OpenRequest;
  effect(effect: Omit<Effect, "sequence">): void;
  read(): Ledger;
  clear(): void;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

export function createLedger(): LedgerBook {
  let requests: Writable<RequestRecord>[] = [];
  let effects: Effect[] = [];
  return {
    open(request) {
      const record: Writable<RequestRecord> = { number: requests.length + 1, ...request, status: null };
      requests.push(record);
      return {
        number: record.number,
        strike(kind) {
          record.fault = kind;
        },
        answered(status) {
          record.status = status;
        },
      };
    },
    effect(effect) {
      effects.push({ sequence: effects.length + 1, ...effect });
    },
    read: () => ({ requests, effects }),
    clear() {
      requests = [];
      effects = [];
    },
  };
}

const longestText = 64 * 1024;

/** The record of a body, without its text if `digestOnly`. */
export function toBodyRecord(body: Uint8Array, digestOnly = false): BodyRecord {
  const sha256 = createHash("sha256").update(body).digest("hex");
  if (digestOnly || body.byteLength > longestText) return { bytes: body.byteLength, sha256 };
  try {
    return { bytes: body.byteLength, sha256, text: new TextDecoder("utf-8", { fatal: true }).decode(body) };
  } catch {
    return { bytes: body.byteLength, sha256 };
  }
}
