import {
  ArgumentScannerError,
  buildApplication,
  buildRouteMap,
  formatMessageForArgumentScannerError,
  text_en,
  version as versionFlag,
  type Application,
  type ApplicationText,
  type StricliIntegration,
} from "@stricli/core";
import { isFairleadError } from "../errors/fairlead-error.js";
import type { CliCommand, CliContext } from "./command.js";
import type { CommandGroup } from "../deployer/command-types.js";
import { commands } from "./commands/index.js";
import { toCliCommand } from "./plugin-command.js";
import { commandHelp, groupHelp, overview, type CommandDocumentation } from "./render/help.js";
import type { Style } from "./render/style.js";

export interface ApplicationOptions {
  /** How the deploy script is called. */
  readonly script: string;
  readonly application: string;
  readonly environments: readonly string[];
  /** What plugins bring. */
  readonly groups: readonly CommandGroup[];
  readonly version: string;
  readonly style: Style;
  readonly width: number;
}

/** The commands as a parser knows them. */
export function createApplication({
  script,
  application,
  environments,
  groups,
  version,
  style,
  width,
}: ApplicationOptions): Application<CliContext> {
  const brought = groups.map((group) => ({ group, commands: group.commands.map((command) => toCliCommand(group, command)) }));
  const routesOf = (list: readonly CliCommand[]): Record<string, CliCommand["command"]> =>
    Object.fromEntries(list.map(({ documentation, command }) => [lastWord(documentation), command]));
  const root = buildRouteMap<string, CliContext>({
    routes: {
      ...routesOf(commands),
      ...Object.fromEntries(
        brought.map(({ group, commands: list }) => [
          group.name,
          buildRouteMap<string, CliContext>({ routes: routesOf(list), docs: { brief: group.brief } }),
        ]),
      ),
    },
    docs: { brief: application },
  });
  const options = { script, width, style };
  const documentations = commands.map(({ documentation }) => documentation);
  const helpOf = (words: readonly string[]): readonly string[] => {
    const found = brought.find(({ group }) => group.name === words[0]);
    const listed = found?.commands.map(({ documentation }) => documentation) ?? documentations;
    const asked = listed.find(({ name }) => name === words.join(" "));
    if (asked !== undefined) return commandHelp(asked, options);
    if (found !== undefined) return groupHelp(found.group, listed, options);
    return overview([...documentations, ...groups], { application, environments }, options);
  };
  const help: StricliIntegration<CliContext> = {
    flag: {
      brief: "Show this help",
      aliases: ["h"],
      global: true,
      defaultForRouteMap: true,
      run(_application, { result }) {
        // The first word is the script.
        const lines = helpOf(result.prefix.slice(1));
        this.process.stdout.write(lines.map((line) => `${line}\n`).join(""));
      },
    },
  };
  return buildApplication(
    root,
    {
      name: script,
      scanner: {
        caseStyle: "allow-kebab-for-camel",
        allowArgumentEscapeSequence: true,
        distanceOptions: { threshold: 2, weights: { insertion: 1, deletion: 1, substitution: 1, transposition: 1 } },
      },
      documentation: { disableAnsiColor: true },
      localization: { text: texts },
    },
    { help, version: versionFlag({ brief: "Show the version of Fairlead", info: { currentVersion: `@fairlead/core ${version}` } }) },
  );
}

/** In the route map of its group a command has one word. */
function lastWord({ name }: CommandDocumentation): string {
  return name.slice(name.lastIndexOf(" ") + 1);
}

const texts: ApplicationText = {
  ...text_en,
  noCommandRegisteredForInput: ({ input, corrections }) => `There is no command "${input}".${meant(corrections)}`,
  exceptionWhileParsingArguments: (thrown) => {
    if (!(thrown instanceof ArgumentScannerError)) return "The command line cannot be understood.";
    return formatMessageForArgumentScannerError(thrown, {
      FlagNotFoundError: ({ input, corrections }) => `There is no flag --${input}.${meant(corrections.map((name) => `--${name}`))}`,
      AliasNotFoundError: ({ input }) => `There is no flag -${input}.`,
      UnexpectedPositionalError: ({ input }) => `"${input}" is one word too many.`,
      UnsatisfiedFlagError: ({ externalFlagName }) => `--${externalFlagName} needs a value.`,
      UnexpectedFlagError: ({ externalFlagName }) => `--${externalFlagName} is there twice.`,
      EnumValidationError: ({ externalFlagName, input, values }) =>
        `"${input}" is nothing for --${externalFlagName}. There are: ${values.join(", ")}.`,
      ArgumentParseError: ({ externalFlagNameOrPlaceholder, input, exception }) =>
        `"${input}" is nothing for --${externalFlagNameOrPlaceholder}.${isFairleadError(exception) ? ` ${exception.message}` : ""}`,
    });
  },
};

function meant(corrections: readonly string[]): string {
  return corrections.length === 0 ? "" : ` Did you mean ${corrections.join(" or ")}?`;
}
