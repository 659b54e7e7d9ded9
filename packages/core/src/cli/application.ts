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
import type { CliContext } from "./command.js";
import { commands } from "./commands/index.js";
import { commandHelp, overview } from "./render/help.js";
import type { Style } from "./render/style.js";

export interface ApplicationOptions {
  /** How the deploy script is called. */
  readonly script: string;
  readonly application: string;
  readonly environments: readonly string[];
  readonly version: string;
  readonly style: Style;
  readonly width: number;
}

/** The commands as a parser knows them. */
export function createApplication({
  script,
  application,
  environments,
  version,
  style,
  width,
}: ApplicationOptions): Application<CliContext> {
  const root = buildRouteMap({
    routes: Object.fromEntries(commands.map(({ documentation, command }) => [documentation.name, command])),
    docs: { brief: application },
  });
  const options = { script, width, style };
  const documentations = commands.map(({ documentation }) => documentation);
  const help: StricliIntegration<CliContext> = {
    flag: {
      brief: "Show this help",
      aliases: ["h"],
      global: true,
      defaultForRouteMap: true,
      run(_application, { result }) {
        const asked = documentations.find(({ name }) => name === result.prefix.at(-1));
        const lines = asked === undefined ? overview(documentations, { application, environments }, options) : commandHelp(asked, options);
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
