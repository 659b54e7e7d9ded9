import type { CommandGroup } from "../deployer/command-types.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { commands } from "./commands/index.js";

/** `CONFIGURATION_INVALID` where a plugin brings a command that there is already: nobody could tell which one is meant. */
export function takenCommands(groups: readonly CommandGroup[]): Error | undefined {
  const names = [...commands.map(({ documentation }) => documentation.name), ...groups.map(({ name }) => name)];
  const taken = groups.filter(({ name }) => names.filter((one) => one === name).length > 1);
  if (taken.length === 0) return undefined;
  const problems = taken.map(({ name, plugins }) => ({
    place: `plugins.${plugins[0] ?? ""}`,
    problem: `brings the command \`${name}\`, which there is already.`,
    remedy: "Give the commands of the plugin another name.",
  }));
  return fail(coreErrors, "CONFIGURATION_INVALID", { problems });
}
