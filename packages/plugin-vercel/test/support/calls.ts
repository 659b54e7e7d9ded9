import { randomUUID } from "node:crypto";
import type { CallOptions, DeploymentCall, JsonObject, Logger } from "@fairlead/core";

export interface LogRecord {
  readonly level: "info" | "warn" | "error";
  readonly message: string;
  readonly fields: JsonObject;
}

/** A call of a deployment, and what was said in it. */
export interface RecordedCall extends DeploymentCall {
  readonly records: readonly LogRecord[];
}

export function createCall(options: Partial<DeploymentCall> = {}): RecordedCall {
  const records: LogRecord[] = [];
  return {
    signal: options.signal ?? new AbortController().signal,
    log: createLog(records),
    environment: options.environment ?? "production",
    deploymentId: options.deploymentId ?? "dep_1",
    idempotencyKey: options.idempotencyKey ?? randomUUID(),
    records,
  };
}

export const plainCall: CallOptions = { signal: new AbortController().signal, log: createLog([]) };

export function createLog(records: LogRecord[]): Logger {
  const write =
    (level: LogRecord["level"]) =>
    (message: string, fields: JsonObject = {}): void => {
      records.push({ level, message, fields });
    };
  return { info: write("info"), warn: write("warn"), error: write("error") };
}
