import { fail, isFairleadError, type FairleadError } from "@fairlead/core";
import { postgresErrors } from "../postgres-errors.js";
import type { DatabaseAddress } from "./address.js";
import { isLeaseLost, isPassing, readServerError } from "./server-error.js";

/** Why there is no connection. */
export function connectFailure({ name: database, user }: DatabaseAddress, error: unknown): FairleadError {
  if (isFairleadError(error)) return error;
  const server = readServerError(error);
  if (wantsPassword(error))
    return fail(postgresErrors, "POSTGRES_LOGIN_REFUSED", { database, user, problem: "it wants a password, and there is none." });
  if (server === undefined) return fail(postgresErrors, "POSTGRES_UNREACHABLE", { database, problem: describeFailure(error) });
  const { code, message } = server;
  if (code === "53300") return fail(postgresErrors, "POSTGRES_FULL", { database, problem: message });
  if (code === "3D000") return fail(postgresErrors, "POSTGRES_DATABASE_MISSING", { database });
  if (isPassing(server)) return fail(postgresErrors, "POSTGRES_UNREACHABLE", { database, problem: `${message} (${code})` });
  return fail(postgresErrors, "POSTGRES_LOGIN_REFUSED", { database, user, problem: `${message} (${code})` });
}

/** What the client says when the server asks for a password and there is none; it has no code. */
export function wantsPassword(error: unknown): boolean {
  return error instanceof Error && /^SASL: .*client password must be/.test(error.message);
}

/** Why a statement of the plugin's own did not work. */
export function statementFailure({ name: database, user }: DatabaseAddress, error: unknown): FairleadError {
  if (isFairleadError(error)) return error;
  const server = readServerError(error);
  if (server === undefined) return fail(postgresErrors, "POSTGRES_CONNECTION_LOST", { database, problem: describeFailure(error) });
  const { code, message } = server;
  if (isPassing(server)) return fail(postgresErrors, "POSTGRES_CONNECTION_LOST", { database, problem: `${message} (${code})` });
  if (isLeaseLost(server)) return fail(postgresErrors, "POSTGRES_LEASE_LOST", { database });
  if (code === "42501") return fail(postgresErrors, "POSTGRES_PRIVILEGE_MISSING", { database, user, problem: `${message} (${code})` });
  if (code === "25006") return fail(postgresErrors, "POSTGRES_READ_ONLY", { database });
  return fail(postgresErrors, "POSTGRES_STATEMENT_FAILED", { database, problem: message, sqlState: code });
}

const known: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there (ECONNREFUSED)",
  ENOTFOUND: "there is no such host (ENOTFOUND)",
  EAI_AGAIN: "its name cannot be looked up now (EAI_AGAIN)",
  ETIMEDOUT: "it does not answer (ETIMEDOUT)",
  EHOSTUNREACH: "there is no way to it (EHOSTUNREACH)",
  ECONNRESET: "it was cut off (ECONNRESET)",
};

/** An error of the client or of the network in words; several attempts at several addresses are one. */
export function describeFailure(error: unknown): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  if (!(first instanceof Error)) return "it failed for no known reason";
  const code: unknown = Reflect.get(first, "code");
  return (typeof code === "string" ? known[code] : undefined) ?? (first.message === "" ? "it failed for no known reason" : first.message);
}
