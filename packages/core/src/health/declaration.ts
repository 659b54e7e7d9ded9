import type { ApplicationCheck } from "../contract/check.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { isDuration, toMilliseconds, type Duration } from "../time/duration.js";
import { defaultTimeout } from "./run-check.js";

/** What a check declares, with the defaults filled in. In milliseconds. */
export interface Declaration {
  readonly name: string;
  readonly critical: boolean;
  readonly interval: number;
  readonly timeout: number;
}

const defaultInterval: Duration = "10s";

/** Names of endpoints beside which checks are answered by theirs. */
export const reservedNames: ReadonlySet<string> = new Set(["ready", "live", "startup"]);

/** Lower-case words joined by hyphens. */
export function isCheckName(name: unknown): boolean {
  return typeof name === "string" && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name);
}

/** Throws `CHECK_INVALID` for what cannot be run or listed: checks also come from where no compiler looks. */
export function readDeclaration(check: ApplicationCheck): Declaration {
  const { name, critical = true, interval = defaultInterval, timeout = defaultTimeout } = check;
  const { scope }: { readonly scope: string } = check;
  const refuse = (problem: string) => fail(coreErrors, "CHECK_INVALID", { check: name, problem });
  if (!isCheckName(name)) throw refuse("its `name` must be lower-case words joined by hyphens.");
  if (reservedNames.has(name)) throw refuse("its `name` is that of an endpoint of health.");
  if (scope !== "application") throw refuse(`its \`scope\` must be "application", not "${scope}".`);
  if (typeof check.run !== "function") throw refuse("its `run` must be a function.");
  return { name, critical, interval: lengthOf(name, "interval", interval), timeout: lengthOf(name, "timeout", timeout) };
}

/** Milliseconds of a duration that a check declares. Throws `CHECK_INVALID` unless it is one, and longer than nothing. */
export function lengthOf(check: string, option: string, value: Duration): number {
  const milliseconds = isDuration(value) ? toMilliseconds(value) : 0;
  if (milliseconds > 0) return milliseconds;
  throw fail(coreErrors, "CHECK_INVALID", { check, problem: `its \`${option}\` must be a time such as "10s", not "${value}".` });
}
