import type { Logger } from "../contract/call.js";
import type { Actor } from "../contract/deployment-events.js";
import type { CommandOutcome, CommandReporter, PluginCommand } from "../contract/plugin-command.js";

/** Commands that plugins bring, behind one word. */
export interface CommandGroup {
  readonly name: string;
  readonly brief: string;
  /** Names of the plugins that have it. */
  readonly plugins: readonly string[];
  readonly commands: readonly PluginCommand[];
}

/** Which command of which plugin is to run, and with what. */
export interface PluginCommandInput<Environment extends string = string> {
  readonly group: string;
  readonly command: string;
  /** Name of the plugin, where an environment uses several that have it. */
  readonly plugin?: string;
  readonly environment?: Environment;
  readonly word?: string;
  /** As the command's flags came out of their schemas; all of them, `false`, `undefined` and `[]` for those that were not given. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly actor: Actor;
  readonly reporter: CommandReporter;
  /** Where it says what it does. */
  readonly log: Logger;
  readonly signal?: AbortSignal;
}

/** What plugins can be asked to do beside deploying. */
export interface RunsCommands<Environment extends string = string> {
  /** The commands that its plugins bring to a command line. */
  readonly commandGroups: readonly CommandGroup[];
  /** Runs one of them. Rejects with `COMMAND_UNAVAILABLE`, `COMMAND_AMBIGUOUS`, and with what the command throws. */
  runCommand(input: PluginCommandInput<Environment>): Promise<CommandOutcome>;
}
