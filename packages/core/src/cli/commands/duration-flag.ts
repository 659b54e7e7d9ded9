import { fail } from "../../errors/fairlead-error.js";
import { isDuration, toMilliseconds, type Duration } from "../../time/duration.js";
import { cliErrors } from "../cli-errors.js";

/** Throws `CLI_USAGE_INVALID`. */
export function toDuration(input: string): Duration {
  if (isDuration(input) && toMilliseconds(input) > 0) return input;
  throw fail(cliErrors, "CLI_USAGE_INVALID", { problem: `"${input}" is no length of time such as 30d, 12h or 90m.`, help: "--help" });
}
