import { fail, isFairleadError, type FairleadError } from "@fairlead/core";
import { dockerErrors } from "../docker-errors.js";

/** HTTP status that an error of the client carries. */
export function statusOf(error: unknown): number | undefined {
  return hasMember(error, "statusCode") && typeof error.statusCode === "number" ? error.statusCode : undefined;
}

/** The engine's own words, without what the client puts around them. */
export function wordsOf(error: unknown): string {
  if (hasMember(error, "json") && hasMember(error.json, "message") && typeof error.json.message === "string") return error.json.message;
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^\(HTTP code \d+\) [^-]* - /, "").trim();
}

/** What an error of the client means. */
export function toDockerError(
  error: unknown,
  { operation, socketPath }: { readonly operation: string; readonly socketPath: string },
): FairleadError {
  if (isFairleadError(error)) return error;
  const status = statusOf(error);
  const problem = wordsOf(error);
  if (status !== undefined) {
    return fail(
      dockerErrors,
      status >= 500 ? "DOCKER_ENGINE_FAILED" : "DOCKER_REQUEST_REFUSED",
      { operation, status, problem },
      { cause: error },
    );
  }
  const code = hasMember(error, "code") ? error.code : undefined;
  if (code === "EACCES" || code === "EPERM") return fail(dockerErrors, "DOCKER_PERMISSION_DENIED", { socketPath }, { cause: error });
  return fail(dockerErrors, "DOCKER_UNREACHABLE", { socketPath, problem }, { cause: error });
}

function hasMember<Name extends string>(value: unknown, name: Name): value is Record<Name, unknown> {
  return typeof value === "object" && value !== null && name in value;
}
