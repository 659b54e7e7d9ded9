import type { Duration, JsonObject } from "@fairlead/core";
import * as z from "zod";
import { durationSchema } from "./duration-schema.js";
import type { WrittenExpression } from "./pattern.js";

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
export interface FaultMatch<Path = string | RegExp> {
  /** `POST`; for SMTP the command: `CONNECT`, `AUTH`, `MAIL`, `RCPT`, `DATA`. */
  readonly method?: string;
  /** The path without its query: a pattern where `*` stands for one segment and `**` for any number, or a regular expression. */
  readonly path?: Path;
  /** The operation's name as the ledger gives it, for example `deployment.create`. */
  readonly operation?: string;
  /** Meets requests for the site of this host (a pattern like `path`) instead of provider requests. */
  readonly host?: string;
}

/** A fault that answers with a status. */
export interface StatusFault {
  readonly kind: "status" | "status-after";
  readonly status: number;
  /** Seconds, or an HTTP date, for the `Retry-After` header and the provider's own field where it has one. */
  readonly retryAfter?: number | string;
  /** Instead of the provider's own error body. */
  readonly body?: string | JsonObject;
}

/**
 * A fault. Without `nth` and `every` it meets the first matching request. `nth: 3` meets the third one counted from when the fault was set,
 * `every: true` each, both together each from the third one on.
 */
export type Fault<Path = string | RegExp> = {
  readonly match?: FaultMatch<Path>;
  readonly nth?: number;
  readonly every?: true;
} & (StatusFault | { readonly kind: "delay"; readonly delay: Duration } | { readonly kind: (typeof plainKinds)[number] });

/** A fault as the emulator keeps it. */
export type WrittenFault = Fault<string | WrittenExpression>;

/** A fault as it travels to the emulator. */
export function writeFault(fault: Fault): WrittenFault {
  const { match, ...rest } = fault;
  if (match === undefined) return rest;
  const { path: given, ...others } = match;
  const path = given instanceof RegExp ? { source: given.source, flags: given.flags } : given;
  return { ...rest, match: { ...others, ...(path === undefined ? {} : { path }) } };
}

const selection = {
  match: z
    .strictObject({
      method: z.string().exactOptional(),
      path: z.union([z.string(), z.strictObject({ source: z.string(), flags: z.string() })]).exactOptional(),
      operation: z.string().exactOptional(),
      host: z.string().exactOptional(),
    })
    .exactOptional(),
  nth: z.int().min(1).exactOptional(),
  every: z.literal(true).exactOptional(),
};

/** Reads what came over the control endpoint. */
export const faultSchema: z.ZodType<WrittenFault> = z.discriminatedUnion("kind", [
  z.strictObject({
    ...selection,
    kind: z.enum(["status", "status-after"]),
    status: z.int().min(200).max(599),
    retryAfter: z.union([z.number(), z.string()]).exactOptional(),
    body: z.union([z.string(), z.record(z.string(), z.json())]).exactOptional(),
  }),
  z.strictObject({ ...selection, kind: z.literal("delay"), delay: durationSchema }),
  z.strictObject({ ...selection, kind: z.enum(plainKinds) }),
]);
