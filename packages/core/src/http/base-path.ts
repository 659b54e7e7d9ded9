import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";

/** Without a slash at its end, so that `/` is empty. Throws `HTTP_BASE_PATH_INVALID`. */
export function requireBasePath(basePath: string): string {
  if (!/^\/[^?#{}]*$/.test(basePath)) throw fail(coreErrors, "HTTP_BASE_PATH_INVALID", { basePath });
  return basePath.replace(/\/+$/, "");
}
