import { buildCommand, type FlagParametersForType } from "@stricli/core";
import type { Logger } from "../contract/call.js";
import type { CommandFlag, CommandOutcome, CommandReporter, PluginCommand } from "../contract/plugin-command.js";
import type { CommandGroup } from "../deployer/command-types.js";
import { fail } from "../errors/fairlead-error.js";
import { findActor } from "./actor.js";
import { cliErrors } from "./cli-errors.js";
import { commonFlags, dashed, documentFlags, type CliCommand, type CliContext } from "./command.js";
import { environmentBrief, actorFlag } from "./commands/shared-flags.js";
import type { ExitCode } from "./exit-codes.js";
import type { Output } from "./output.js";
import { oneLine } from "./render/text.js";
import type { CommandEnd, Session } from "./session.js";
import { environmentOf } from "./subject.js";
import { untilInterrupted } from "./until-interrupted.js";

interface OwnFlags {
  readonly json?: boolean;
  readonly noColor?: boolean;
  readonly actor?: string;
  readonly plugin?: string;
}

type Given = OwnFlags & Readonly<Record<string, unknown>>;

/** A command that a plugin brings, as the command line runs it. */
export function toCliCommand(group: CommandGroup, command: PluginCommand): CliCommand {
  const { brief, description, effect, untouched, examples, subject } = command;
  const name = `${group.name} ${command.name}`;
  const own = {
    ...commonFlags,
    ...(effect === "acts" ? { actor: actorFlag } : {}),
    ...(group.plugins.length > 1 ? { plugin: pluginFlag(group) } : {}),
  };
  const declared = Object.entries(command.flags).map(([flag, declaration]) => [flag, toFlag(declaration)] as const);
  const flags = { ...Object.fromEntries(declared), ...own } as unknown as FlagParametersForType<Given, CliContext>;
  const [placeholder, subjectBrief] =
    subject.kind === "word" ? [subject.name, subject.brief] : ["environment", subject.optional === true ? "Its name" : environmentBrief];
  const built = buildCommand<Given, [subject?: string], CliContext>({
    docs: { brief },
    parameters: {
      flags,
      positional: {
        kind: "tuple",
        parameters: [{ brief: subjectBrief, placeholder, parse: (input: string) => input, optional: true }],
      },
    },
    async func(given, named) {
      await this.perform({
        ...{ name, effect, untouched },
        json: given.json === true,
        color: given.noColor !== true,
        environment: subject.kind === "environment" ? named : undefined,
        run: (session) => run(session, { group, command, given, named }),
      });
    },
  });
  const documentation = { name, brief, description, subject: placeholder, subjectBrief, examples, flags: documentFlags(built) };
  return { command: built, documentation };
}

async function run(
  session: Session,
  asked: { readonly group: CommandGroup; readonly command: PluginCommand; readonly given: Given; readonly named: string | undefined },
): Promise<CommandEnd> {
  const { group, command, given, named } = asked;
  const { output } = session;
  const environment = command.subject.kind === "environment" ? subjectOf(session, command, named) : undefined;
  const word = command.subject.kind === "word" ? wordOf(session, command.subject.name, named) : undefined;
  const flags = await flagsOf(command, given, session.typed(`${group.name} ${command.name} --help`));
  const actor = await findActor(given.actor, session.env);
  const outcome = await untilInterrupted(session, command.effect, (signal) =>
    session.deployer.runCommand({
      ...{ group: group.name, command: command.name, actor, signal },
      flags,
      reporter: reporterOf(session, signal),
      log: loggerOf(output),
      ...(given.plugin === undefined ? {} : { plugin: given.plugin }),
      ...(environment === undefined ? {} : { environment }),
      ...(word === undefined ? {} : { word }),
    }),
  );
  return { exitCode: exitCodes[outcome.end], next: outcome.next ?? [] };
}

const exitCodes: Readonly<Record<CommandOutcome["end"], ExitCode>> = { success: 0, error: 1, refused: 5, "nothing-to-do": 7 };

function subjectOf(session: Session, { subject }: PluginCommand, named: string | undefined): string | undefined {
  const isOptional = subject.kind === "environment" && subject.optional === true;
  return isOptional && named === undefined ? undefined : environmentOf(session, named);
}

function wordOf({ typed }: Session, name: string, given: string | undefined): string {
  if (given !== undefined && given.trim() !== "") return given;
  throw fail(cliErrors, "CLI_USAGE_INVALID", { problem: `Say the ${name}.`, help: typed("--help") });
}

/** Every flag that is declared, also those that were not given. Throws `CLI_USAGE_INVALID`. */
async function flagsOf({ flags }: PluginCommand, given: Given, help: string): Promise<Readonly<Record<string, unknown>>> {
  const values = Object.entries(flags).map(async ([name, { value, many, schema }]) => {
    const said = given[name];
    if (value === undefined) return [name, said === true] as const;
    const convert = (input: string): Promise<unknown> => parsed(schema, input, { name, help });
    if (many === true) return [name, await Promise.all(((said ?? []) as readonly string[]).map(convert))] as const;
    return [name, said === undefined ? undefined : await convert(said as string)] as const;
  });
  return Object.fromEntries(await Promise.all(values));
}

function toFlag({ brief, value, many }: CommandFlag): object {
  if (value === undefined) return { kind: "boolean", brief, optional: true, withNegated: false };
  return { kind: "parsed", parse: String, brief, placeholder: value, optional: true, ...(many === true ? { variadic: true } : {}) };
}

async function parsed(
  schema: CommandFlag["schema"],
  input: string,
  { name, help }: { readonly name: string; readonly help: string },
): Promise<unknown> {
  if (schema === undefined) return input;
  const result = await schema["~standard"].validate(input);
  if (result.issues === undefined) return result.value;
  const issues = result.issues.map(({ message }) => oneLine(message)).join(" ");
  throw fail(cliErrors, "CLI_USAGE_INVALID", { problem: `"${input}" is nothing for ${dashed(name)}. ${issues}`, help });
}

function pluginFlag({ plugins }: CommandGroup): object {
  return { kind: "enum", values: plugins, brief: "Which, where the environment uses several", optional: true };
}

function reporterOf({ output, ask, begins }: Session, signal: AbortSignal): CommandReporter {
  const { style } = output;
  return {
    json: output.json,
    get width() {
      return output.width();
    },
    style,
    text: output.text,
    problem: output.problem,
    begins,
    answer: (kind, data) => {
      output.record("answer", { kind, data });
    },
    confirm: async (question) => {
      const answer = await ask(`${question} [y/N] `, signal);
      return answer === undefined ? undefined : /^y(?:es)?$/i.test(answer.trim());
    },
  };
}

/** What a command says while it works is no part of its answer. */
function loggerOf(output: Output): Logger {
  const say = (mark: string) => (message: string) => {
    output.record("notice", { message });
    output.problem([`${mark} ${oneLine(message)}`]);
  };
  const { marks } = output.style;
  return { info: say(marks.waiting), warn: say(marks.warning), error: say(marks.bad) };
}
