import { isDuration, type Duration, type JsonObject } from "@fairlead/core";
import * as z from "zod";

/**
 * What a fault does to the request it meets. "The act" is what the provider would have done: create, move, deliver.
 * - `status`: not acted on, answered with the status · `status-after`: acted on, answered with the status all the same
 * - `delay`: acted on, answered late
 * - `reset-before`: not acted on, the connection is reset · `reset-after`: acted on, the connection is reset
 * - `lost-response`: acted on, the connection is closed in order without an answer
 * - `hang`: not acted on, never answered · `hang-after`: acted on, never answered
 * - `hold-before`: held, then acted on and answered when released · `hold`: acted on, the answer is held until released
 */
export type FaultKind = "status" | "status-after" | "delay" | (typeof plainKinds)[number];

const plainKinds = ["reset-before", "reset-after", "lost-response", "hang", "hang-after", "hold", "hold-before"] as const;

/** Which requests a fault meets; what is left out matches all. */
export interface FaultMatch {
  /** `POST`; for SMTP the command: `CONNECT`, `AUTH`, `MAIL`, `RCPT`, `DATA`. */
  readonly method?: string;
  /** The path without its query: a pattern where `*` stands for one segment and `**` for any number, or a regular expression. */
  readonly path?: string | RegExp;
  /** The operation's name as the ledger gives it, for example `deployment.create`. */
  readonly operation?: string;
  /** Meets requests for the site of this host (a pattern like `path`) instead of provider requests. */
  readonly host?: string;
}

/**
 * A fault. Without `nth` and `every` it meets the first matching request. `nth: 3` meets the third one counted from when the fault was set,
 * `every: true` each, both together each from the third one on.
 */
export type Fault = {
  readonly match?: FaultMatch;
  readonly nth?: number;
  readonly every?: true;
} & (
  | {
      readonly kind: "status" | "status-after";
      readonly status: number;
      /** Seconds, or an HTTP date, for the `Retry-After` header and the provider's own field where it has one. */
      readonly retryAfter?: number | string;
      /** Instead of the provider's own error body. */
      readonly body?: string | JsonObject;
    }
  | { readonly kind: "delay"; readonly delay: Duration }
  | { readonly kind: (typeof plainKinds)[number] }
);

/** A fault as it travels to the emulator. */
export function serializeFault(fault: Fault): unknown {
  const { match, ...rest } = fault;
  if (match === undefined) return rest;
  const path = match.path instanceof RegExp ? { source: match.path.source, flags: match.path.flags } : match.path;
  return { ...rest, match: { ...match, ...(path === undefined ? {} : { path }) } };
}

const selection = {
  match: z
    .strictObject({
      method: z.string().optional(),
      path: z.union([z.string(), z.strictObject({ source: z.string(), flags: z.string() })]).optional(),
      operation: z.string().optional(),
      host: z.string().optional(),
    })
    .optional(),
  nth: z.int().min(1).optional(),
  every: z.literal(true).optional(),
};

/** Reads what came over the control endpoint. */
export const faultSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    ...selection,
    kind: z.enum(["status", "status-after"]),
    status: z.int().min(200).max(599),
    retryAfter: z.union([z.number(), z.string()]).optional(),
    body: z.union([z.string(), z.record(z.string(), z.json())]).optional(),
  }),
  z.strictObject({ ...selection, kind: z.literal("delay"), delay: z.string().refine(isDuration, 'write a duration, for example "250ms"') }),
  z.strictObject({ ...selection, kind: z.enum(plainKinds) }),
]);

/** A fault that passed the schema. */
export type ParsedFault = z.infer<typeof faultSchema>;
