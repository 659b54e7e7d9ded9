import { buildCommand, type Command, type CommandContext, type FlagParametersForType } from "@stricli/core";
import type { CommandDocumentation, FlagDocumentation } from "./render/help.js";
import type { CommandEnd, Session } from "./session.js";

/** What a command is run in: opens the session, says how it ended, lets go of everything. */
export interface CliContext extends CommandContext {
  perform(command: Performed): Promise<void>;
}

export interface Performed {
  readonly name: string;
  readonly json: boolean;
  readonly color: boolean;
  readonly effect: Effect;
  readonly environment: string | undefined;
  readonly untouched: string | undefined;
  run(session: Session): Promise<CommandEnd>;
}

/** What `reads` changes nothing and can be left at any time. */
export type Effect = "reads" | "acts";

interface CommonFlags {
  readonly json?: boolean;
  readonly noColor?: boolean;
}

interface CommandDefinition<Flags extends object> {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly brief: string;
  readonly description: string;
  /** What stands behind the command: an environment, or a deployment by its id or its environment. */
  readonly subject: "environment" | "deployment";
  readonly subjectBrief: string;
  readonly effect: Effect;
  /** What is true of the world when the command could not even begin. */
  readonly untouched?: string;
  /** Without the script: `deploy production`. */
  readonly examples: readonly string[];
  readonly flags: FlagParametersForType<Flags, CliContext>;
  run(session: Session, flags: Flags, subject: string | undefined): Promise<CommandEnd>;
}

/** A command of the command line. */
export interface CliCommand {
  readonly documentation: CommandDocumentation;
  readonly command: Command<CliContext>;
}

export const commonFlags: FlagParametersForType<CommonFlags, CliContext> = {
  json: { kind: "boolean", brief: "Answer in JSON lines", optional: true, withNegated: false },
  noColor: { kind: "boolean", brief: "No colours", optional: true, withNegated: false },
};

/** Declares a command; `--json` and `--no-color` are added to its flags. */
export function defineCommand<Flags extends object>(definition: CommandDefinition<Flags>): CliCommand {
  const { name, brief, description, subject, subjectBrief, effect, untouched, examples } = definition;
  const flags = { ...definition.flags, ...commonFlags } as FlagParametersForType<Flags & CommonFlags, CliContext>;
  const command = buildCommand<Flags & CommonFlags, [subject?: string], CliContext>({
    docs: { brief },
    parameters: {
      flags,
      positional: {
        kind: "tuple",
        parameters: [{ brief: subjectBrief, placeholder: subject, parse: (input: string) => input, optional: true }],
      },
    },
    async func(given, named) {
      await this.perform({
        name,
        json: given.json === true,
        color: given.noColor !== true,
        effect,
        untouched,
        environment: subject === "environment" ? named : undefined,
        run: (session) => definition.run(session, withoutEmpty(given), named),
      });
    },
  });
  const documentation = { name, brief, description, subject, subjectBrief, examples, flags: documentFlags(command) };
  return { command, documentation };
}

/** A flag that may be empty and is has not been given. */
function withoutEmpty<Flags extends object>(flags: Flags): Flags {
  // Only flags that may be left out may be empty.
  return Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== "")) as Flags;
}

/** How a flag is typed: `--data-loss-in` of `dataLossIn`. */
export function dashed(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The flags of a command as help shows them. */
export function documentFlags({ parameters }: Command<CliContext>): readonly FlagDocumentation[] {
  return Object.entries(parameters.flags ?? {}).map(([name, flag]) => ({
    name: dashed(name),
    value: flag.kind === "parsed" ? (flag.placeholder ?? "value") : flag.kind === "enum" ? flag.values.join("|") : undefined,
    brief: flag.kind === "parsed" && typeof flag.default === "string" ? `${flag.brief} (${flag.default})` : flag.brief,
  }));
}
