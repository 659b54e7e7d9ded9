import type { CallOptions, Logger } from "@fairlead/core";

/** A call, and all that is logged in it. */
export interface RecordedCall extends CallOptions {
  /** Every line with its fields, as JSON. */
  readonly lines: readonly string[];
}

/** Makes a call that only asks. */
export function recordedCall(signal: AbortSignal = new AbortController().signal): RecordedCall {
  const lines: string[] = [];
  const write: Logger["info"] = (message, fields = {}) => {
    lines.push(JSON.stringify({ message, fields }));
  };
  return { signal, lines, log: { info: write, warn: write, error: write } };
}
