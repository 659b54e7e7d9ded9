import type { Json } from "@fairlead/core";

/** An answer of the API that is no success, as it says it: a `Status`. */
export class Refusal extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: Json;

  constructor(code: number, reason: string, message: string, details: Json = {}) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }
}

export function statusDocument({ code, reason, message, details }: Pick<Refusal, "code" | "reason" | "message" | "details">): Json {
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, details, code };
}
