import { fail, type FairleadError } from "@fairlead/core";
import { postgresErrors } from "./postgres-errors.js";

/** What the server said, as far as it may be repeated: its detail and its query may quote data and are left out. */
export interface ServerError {
  readonly code: string;
  readonly message: string;
  /** In characters, from 1. */
  readonly position: number | undefined;
}

/** What the server said, if it was the server. */
export function serverErrorOf(error: unknown): ServerError | undefined {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string" || !/^[0-9A-Z]{5}$/.test(error.code))
    return undefined;
  const position = "position" in error && typeof error.position === "string" ? Number(error.position) : undefined;
  return { code: error.code, message: error.message, position };
}

/** Classes of states after which the same may work later: the connection was lost, resources ran out, or the server is starting or stopping. */
const passing = /^(08|53|57P)/;
const refusing = /^(28|3D|42501)/;

/** Why there is no connection, without anything of the address in it. */
export function connectionError(error: unknown): FairleadError {
  const server = serverErrorOf(error);
  if (server !== undefined && refusing.test(server.code))
    return fail(postgresErrors, "POSTGRES_REFUSED", { problem: `${reasonOf(server.code)} (${server.code})` });
  if (server !== undefined && !passing.test(server.code)) return fail(postgresErrors, "POSTGRES_REFUSED", { problem: server.code });
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "the connection was lost";
  return fail(postgresErrors, "POSTGRES_UNREACHABLE", { problem: server?.code ?? code });
}

/** Whether an error says that the connection is gone rather than that a statement is wrong. */
export function isConnectionLost(error: unknown): boolean {
  const server = serverErrorOf(error);
  return server === undefined ? true : passing.test(server.code);
}

function reasonOf(code: string): string {
  if (code.startsWith("28")) return "user or password are wrong";
  return code.startsWith("3D") ? "there is no such database" : "the user lacks a right";
}
