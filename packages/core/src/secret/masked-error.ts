import { reviveError, serializeError, type FairleadError } from "../errors/fairlead-error.js";
import type { Redactor } from "./redactor.js";

/**
 * An error as it may leave: masked, and without the live objects that its causes refer to, which printing it would show. Code, data, hint and the place where it was thrown stay, and message and code of its
 * cause; what is not ours becomes `UNEXPECTED_ERROR`.
 */
export function maskedError(redactor: Redactor, error: unknown): FairleadError {
  const masked = reviveError(redactor.value(serializeError(error)));
  const { stack } = redactor.error(error);
  if (stack !== undefined) masked.stack = stack;
  return masked;
}
