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
const kebab = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Throws `CHECK_INVALID` for what cannot be run or listed: checks also come from where no compiler looks. */
export function readDeclaration(check: ApplicationCheck): Declaration {
  const { name, critical = true, interval = defaultInterval, timeout = defaultTimeout } = check;
  const { scope }: { readonly scope: string } = check;
  const refuse = (problem: string) => fail(coreErrors, "CHECK_INVALID", { check: name, problem });
  if (typeof name !== "string" || !kebab.test(name)) throw refuse("its `name` must be lower-case words joined by hyphens.");
  if (scope !== "application") throw refuse(`its \`scope\` must be "application", not "${scope}".`);
  if (typeof check.run !== "function") throw refuse("its `run` must be a function.");
  const length = (option: string, value: Duration): number => {
    const milliseconds = isDuration(value) ? toMilliseconds(value) : 0;
    if (milliseconds <= 0) throw refuse(`its \`${option}\` must be a time such as "10s", not "${value}".`);
    return milliseconds;
  };
  return { name, critical, interval: length("interval", interval), timeout: length("timeout", timeout) };
}
