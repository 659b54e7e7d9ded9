import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { isCheckName, reservedNames } from "./declaration.js";
import type { HealthOptions } from "./health.js";

/** Throws `HEALTH_OPTION_INVALID` for a group that could not be asked for. */
export function readGroups(groups: HealthOptions["groups"] = {}): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    Object.entries(groups).map(([name, members]) => {
      if (!isCheckName(name)) throw refuse(`has "${name}"; write lower-case words joined by hyphens.`);
      if (reservedNames.has(name)) throw refuse(`has "${name}", which is the name of an endpoint.`);
      return [name, new Set(members)];
    }),
  );
}

/** Throws `HEALTH_OPTION_INVALID` for a group of checks that do not exist: a misspelt name would leave one out silently. */
export function requireMembers(groups: ReadonlyMap<string, ReadonlySet<string>>, known: readonly string[]): void {
  for (const [group, members] of groups) {
    const missing = [...members].find((member) => !known.includes(member));
    if (missing !== undefined) throw refuse(`has in "${group}" the check "${missing}", which does not exist.`);
  }
}

function refuse(problem: string) {
  return fail(coreErrors, "HEALTH_OPTION_INVALID", { option: "groups", problem });
}
