import { coreErrors, fail, isFairleadError, type FairleadError } from "@fairlead/core";
import type { DatabaseAddress } from "../connection/address.js";
import { connectFailure, describeFailure, statementFailure, wantsPassword } from "../connection/connection-failure.js";
import { isBusy, isPassing, readServerError, type ServerError } from "../connection/server-error.js";
import { postgresErrors } from "../postgres-errors.js";

/** What the statement that makes the schema says when there is something else in it. */
export const foreignSchema = "FL001";

/** What an error of the client, of the network or of the server means for the store. `STORE_UNAVAILABLE` is what may work when it is tried again. */
export function toStoreError(store: string, address: DatabaseAddress, error: unknown): FairleadError {
  if (isFairleadError(error)) return error;
  if (wantsPassword(error)) return connectFailure(address, error);
  const server = readServerError(error);
  if (server === undefined) return unavailable(store, describeFailure(error), error);
  const problem = `${server.message} (${server.code})`;
  if (server.code === "53100") return fail(coreErrors, "STORE_FULL", { store, problem }, { cause: error });
  if (mayPass(server)) return unavailable(store, problem, error);
  if (server.code === foreignSchema) return fail(coreErrors, "STORE_FOREIGN", { store, problem: server.message });
  if (server.code === "0A000") return fail(postgresErrors, "POSTGRES_STORE_UNSUITABLE", { store, problem: server.message });
  return /^(28|3D)/.test(server.code) ? connectFailure(address, error) : statementFailure(address, error);
}

export function unavailable(store: string, problem: string, cause?: unknown): FairleadError {
  return fail(coreErrors, "STORE_UNAVAILABLE", { store, problem }, cause === undefined ? {} : { cause });
}

/** Whether an error of several questions that went together is that of all of them, and not the fault of one. */
export function concernsAll(error: unknown): boolean {
  return isFairleadError(error, "STORE_UNAVAILABLE") || isFairleadError(error, "STORE_CLOSED");
}

/** Whether something that a store is made of is not there: a table, a function, the schema. */
export function isGone(error: unknown): boolean {
  return /^(42P01|42883|42703|3F000)$/.test(readServerError(error)?.code ?? "");
}

/** Also what ran out of its time, was resolved against us, or met a server that takes no changes: one that another is just taking the place of. */
function mayPass(server: ServerError): boolean {
  return isPassing(server) || isBusy(server) || /^(40001|57014|25006)$/.test(server.code);
}
