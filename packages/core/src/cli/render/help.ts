import { fit, pad, widthOf, wrap } from "./text.js";
import type { Style } from "./style.js";

/** A flag as help shows it. */
export interface FlagDocumentation {
  /** With its dashes: `--reason`. */
  readonly name: string;
  /** What stands behind it: `text`, `needs-down|irreversible`; nothing behind a switch. */
  readonly value: string | undefined;
  readonly brief: string;
}

/** A command as help shows it. */
export interface CommandDocumentation {
  readonly name: string;
  readonly brief: string;
  readonly description: string;
  readonly subject: string;
  readonly subjectBrief: string;
  readonly flags: readonly FlagDocumentation[];
  readonly examples: readonly string[];
}

export interface HelpOptions {
  readonly script: string;
  readonly width: number;
  readonly style: Style;
}

const helpFlag: FlagDocumentation = { name: "-h, --help", value: undefined, brief: "Show this help" };
const versionFlag: FlagDocumentation = { name: "-v, --version", value: undefined, brief: "Show the version of Fairlead" };

/** Help for one command. */
export function commandHelp(command: CommandDocumentation, options: HelpOptions): readonly string[] {
  const { script, width, style } = options;
  const { name, description, subject, subjectBrief, flags, examples } = command;
  return [
    `Usage: ${script} ${name} [${subject}] [flags]`,
    "",
    ...wrap(description, width),
    "",
    style.strong(`[${subject}]`),
    ...wrap(subjectBrief, width, "  "),
    "",
    style.strong("Flags"),
    ...table([...flags, helpFlag].map(flagRow), width),
    "",
    style.strong("Examples"),
    ...examples.map((example) => `  ${script} ${example}`),
  ];
}

/** Help for the commands that a plugin brings. */
export function groupHelp(
  { name, brief }: Pick<CommandDocumentation, "name" | "brief">,
  commands: readonly CommandDocumentation[],
  { script, width, style }: HelpOptions,
): readonly string[] {
  return [
    `Usage: ${script} ${name} <command> [flags]`,
    "",
    ...wrap(brief, width),
    "",
    style.strong("Commands"),
    ...table(
      commands.map((command) => [command.name.slice(name.length + 1), command.brief] as const),
      width,
    ),
    "",
    style.strong("Flags"),
    ...table([helpFlag].map(flagRow), width),
    "",
    style.strong("Examples"),
    ...commands.slice(0, 3).flatMap(({ examples }) => examples.slice(0, 1).map((example) => `  ${script} ${example}`)),
  ];
}

/** Help for the whole command line. */
export function overview(
  commands: readonly Pick<CommandDocumentation, "name" | "brief">[],
  about: { readonly application: string; readonly environments: readonly string[] },
  { script, width, style }: HelpOptions,
): readonly string[] {
  return [
    `Usage: ${script} <command> [flags]`,
    "",
    ...wrap(`Deploys ${about.application}. Environments: ${about.environments.join(", ")}.`, width),
    "",
    style.strong("Commands"),
    ...table(
      commands.map(({ name, brief }) => [name, brief] as const),
      width,
    ),
    "",
    style.strong("Flags"),
    ...table([helpFlag, versionFlag].map(flagRow), width),
    "",
    style.strong("Examples"),
    ...["plan", "deploy", "status", "deploy --help"].map((example, index) => {
      const environment = about.environments.length > 1 && index < 3 ? ` ${about.environments[0] ?? ""}` : "";
      return `  ${script} ${example}${environment}`;
    }),
  ];
}

function flagRow({ name, value, brief }: FlagDocumentation): readonly [string, string] {
  return [value === undefined ? name : `${name} <${value}>`, brief];
}

/** What is longer than its column stands on a line of its own. */
function table(rows: readonly (readonly [string, string])[], width: number): readonly string[] {
  const column = Math.min(24, Math.max(...rows.map(([name]) => widthOf(name))));
  return rows.flatMap(([name, text]) => {
    if (widthOf(name) <= column) return wrap(text, width, `  ${pad(name, column)}  `);
    return [fit(`  ${name}`, width), ...wrap(text, width, `  ${pad("", column)}  `)];
  });
}
