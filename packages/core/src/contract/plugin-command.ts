import type { CallOptions } from "./call.js";
import type { Actor } from "./deployment-events.js";
import type { JsonObject } from "../json/json.js";
import type { ResolvedOptions } from "./plugin.js";
import type { Clock } from "../time/clock.js";
import type { StandardSchema } from "./standard-schema.js";

/** A flag of a command. Without `value` it is a switch. */
export interface CommandFlag {
  /** One line for `--help`. */
  readonly brief: string;
  /** What stands behind it, as help names it: `name`, `number`, `text|sarif`. */
  readonly value?: string;
  /** Checks and converts what stands behind it. Any Standard Schema of a text; its message is what the person reads. Default: any text. */
  readonly schema?: StandardSchema<unknown, unknown>;
  /** Whether it may be given several times: then it is a list. Default false. */
  readonly many?: boolean;
}

/** Flags by their names, in camel case: `dataLossIn` is `--data-loss-in`. */
export type CommandFlags = Readonly<Record<string, CommandFlag>>;

/** What a command is handed for its flags: of a switch whether it is there, of any other what its schema made of it. */
export type FlagValues<Flags extends CommandFlags> = { readonly [Name in keyof Flags]: FlagValue<Flags[Name]> };

type FlagValue<Flag extends CommandFlag> = Flag extends { readonly value: string }
  ? Flag extends { readonly many: true }
    ? readonly OneValue<Flag>[]
    : OneValue<Flag> | undefined
  : boolean;

type OneValue<Flag> = Flag extends { readonly schema: { readonly "~standard": { readonly types?: infer Types } } }
  ? Exclude<Types, undefined> extends { readonly output: infer Output }
    ? Output
    : unknown
  : string;

/** What stands behind a command: an environment, which need not be named where there is one, or a word of the command's own. */
export type CommandSubject =
  { readonly kind: "environment"; readonly optional?: boolean } | { readonly kind: "word"; readonly name: string; readonly brief: string };

/** Where a command of a plugin says things. Everything is redacted. */
export interface CommandReporter {
  /** Whether programs read it: then only `answer` is seen. */
  readonly json: boolean;
  /** Most columns of a line; infinite where it is no terminal. */
  readonly width: number;
  readonly style: CommandStyle;
  /** For people, on standard output. */
  text(lines: readonly string[]): void;
  /** For people, where mistakes are told. */
  problem(lines: readonly string[]): void;
  /** For programs: a line of type `answer`. `kind` says what its `data` is. */
  answer(kind: string, data: JsonObject): void;
  /** To be said before the first change to the world: what is `untouched` is told of an error before it, and of none behind it. */
  begins(): void;
  /** Asks a person. `undefined` where nobody can be asked: the command then demands a flag. */
  confirm(question: string): Promise<boolean | undefined>;
}

/** How things look at a terminal; all of it may be off. */
export interface CommandStyle {
  strong(text: string): string;
  faint(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  warning(text: string): string;
  readonly marks: { readonly good: string; readonly bad: string; readonly warning: string; readonly waiting: string };
}

/** What a command is run with. `log` is told to the person at once, beside the answer. */
export interface PluginCommandCall<Settings, Flags> extends CallOptions {
  /** The name that the plugin goes by. */
  readonly plugin: string;
  readonly application: string;
  /** Absent where none was named and none is needed. */
  readonly environment: { readonly name: string; readonly kind: "development" | "preview" | "staging" | "production" } | undefined;
  /** The word behind the command, where it has one of its own. */
  readonly word: string | undefined;
  readonly flags: Flags;
  /** Who runs it. */
  readonly actor: Actor;
  readonly clock: Clock;
  readonly redact: (text: string) => string;
  readonly reporter: CommandReporter;
  /** The plugin's options as its schema completes them; every secret is still its name. */
  readonly settings: Settings;
  /** The same with secrets resolved, those of this plugin only. Rejects with `SECRETS_MISSING`, also where there is no environment. */
  options(): Promise<ResolvedOptions<Settings>>;
}

/** What a command came to. An error that is thrown is told with its code and ends it too. */
export interface CommandOutcome {
  /** `success` ends with 0, `error` with 1, `refused` with 5, `nothing-to-do` with 7. */
  readonly end: "success" | "error" | "refused" | "nothing-to-do";
  /** Commands to try now, without the script: `migrations apply production`. */
  readonly next?: readonly string[];
}

interface CommandDescription<Flags extends CommandFlags> {
  /** One word: `status`. */
  readonly name: string;
  /** One line, for the list of commands. */
  readonly brief: string;
  /** A few sentences, for its help. */
  readonly description: string;
  readonly subject: CommandSubject;
  readonly flags: Flags;
  /** What `reads` changes nothing that is in use: what it makes for itself it takes away, also when its `signal` is aborted. */
  readonly effect: "reads" | "acts";
  /** What is true of the world as long as it has not said that it `begins`, e.g. `Nothing was applied.` */
  readonly untouched?: string;
  /** As they are typed behind the script: `migrations status production`. */
  readonly examples: readonly string[];
}

/** A command as its plugin declares it. */
export interface PluginCommandDefinition<Settings, Flags extends CommandFlags> extends CommandDescription<Flags> {
  run(call: PluginCommandCall<Settings, FlagValues<Flags>>): Promise<CommandOutcome>;
}

/** A command as the command line holds it. */
export interface PluginCommand<Settings = unknown> extends CommandDescription<CommandFlags> {
  run(call: PluginCommandCall<Settings, Readonly<Record<string, unknown>>>): Promise<CommandOutcome>;
}

/** The commands of a plugin, behind a word of their own: `node deploy.ts migrations status`. */
export interface PluginCommands<Settings = unknown> {
  /** One word in kebab-case that no command of Fairlead's has. */
  readonly name: string;
  readonly brief: string;
  readonly commands: readonly PluginCommand<Settings>[];
}

/**
 * Declares a command of a plugin whose options come to `Settings`; the types of its flags follow from their declaration: `definePluginCommand<Settings>()({ name: "status", … })`. Gives back what it was given.
 */
export function definePluginCommand<Settings>(): <const Flags extends CommandFlags>(
  definition: PluginCommandDefinition<Settings, Flags>,
) => PluginCommand<Settings> {
  // The command line hands a command what its own flags come to.
  return (definition) => definition;
}
