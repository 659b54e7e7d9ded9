import type { CallOptions } from "../contract/call.js";
import type { CommandOutcome, CommandReporter, PluginCommand, PluginCommands } from "../contract/plugin-command.js";
import type { AnyPlugin } from "../contract/plugin.js";
import { secretNamesOf } from "../engine/capability-set.js";
import { checkedOptions, revealed } from "../engine/plugin-options.js";
import { resolveSecrets } from "../engine/resolve-secrets.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { Redactor } from "../secret/redactor.js";
import type { Environments } from "./environments.js";
import type { Shared } from "./runtime.js";
import type { CommandGroup, PluginCommandInput } from "./command-types.js";

/** The commands that plugins bring, each group once with the names of all plugins that have it. */
export function commandGroupsOf(plugins: readonly AnyPlugin[]): readonly CommandGroup[] {
  const groups = new Map<string, CommandGroup>();
  for (const { id, name, commands } of plugins) {
    if (commands === undefined) continue;
    const key = `${commands.name} ${id}`;
    const before = groups.get(key);
    groups.set(key, { ...described(commands), plugins: [...(before?.plugins ?? []), name] });
  }
  return [...groups.values()];
}

function described({ name, brief, commands }: PluginCommands): Omit<CommandGroup, "plugins"> {
  return { name, brief, commands };
}

/** Runs a command of a plugin, which is handed its own secrets and no others. */
export async function runPluginCommand(
  { environments, shared, call }: { readonly environments: Environments; readonly shared: Shared; readonly call: CallOptions },
  input: PluginCommandInput,
): Promise<CommandOutcome> {
  const { application, clock, redactor } = shared;
  const { environment, word, flags, actor } = input;
  const spec = environment === undefined ? undefined : (await environments.recorded(environment)).spec;
  const plugin = pluginFor(input, environment === undefined ? shared.plugins : environments.plugins(environment), shared.plugins);
  const command = commandOf(plugin, input);
  const settings = await checkedOptions(plugin);
  const signal = input.signal === undefined ? call.signal : AbortSignal.any([call.signal, input.signal]);
  const log = input.log;
  const options = async (): Promise<unknown> => {
    const names = secretNamesOf([plugin]);
    if (spec === undefined && names.length > 0) throw fail(coreErrors, "SECRETS_MISSING", { environment: "", names });
    const name = spec?.name ?? "";
    const words = [application, name, plugin.name];
    const { values, missing, problems } = await resolveSecrets(names, {
      ...{ source: shared.secrets, redactor, environment: name, words },
      call: { signal, log },
    });
    if (missing.length > 0) throw fail(coreErrors, "SECRETS_MISSING", { environment: name, names: missing });
    if (problems.length > 0) throw fail(coreErrors, "CONFIGURATION_INVALID", { problems: problems.map((problem) => ({ ...problem })) });
    return revealed(settings, values);
  };
  return command.run({
    ...{ signal, log, application, word, flags, actor, clock, settings },
    plugin: plugin.name,
    environment: spec && { name: spec.name, kind: spec.kind },
    redact: (text) => redactor.text(text),
    reporter: masked(input.reporter, redactor),
    options,
  });
}

/** The one that was named, or the only one of those that the environment uses. */
function pluginFor(
  { group, environment, plugin: named }: PluginCommandInput,
  used: readonly AnyPlugin[],
  all: readonly AnyPlugin[],
): AnyPlugin {
  const hasIt = ({ commands }: AnyPlugin): boolean => commands?.name === group;
  const candidates = used.filter((plugin) => hasIt(plugin) && (named === undefined || plugin.name === named));
  const [only, ...others] = candidates;
  if (only === undefined)
    throw fail(coreErrors, "COMMAND_UNAVAILABLE", {
      command: group,
      environment: environment ?? null,
      known: all.filter(hasIt).map(({ name }) => name),
    });
  if (others.length > 0) throw fail(coreErrors, "COMMAND_AMBIGUOUS", { command: group, plugins: candidates.map(({ name }) => name) });
  return only;
}

function commandOf({ commands }: AnyPlugin, { group, command }: PluginCommandInput): PluginCommand {
  const found = commands?.commands.find(({ name }) => name === command);
  if (found === undefined) throw fail(coreErrors, "COMMAND_UNAVAILABLE", { command: `${group} ${command}`, environment: null, known: [] });
  return found;
}

function masked(reporter: CommandReporter, redactor: Redactor): CommandReporter {
  const plain = (lines: readonly string[]): readonly string[] => lines.map((line) => redactor.text(line));
  return {
    json: reporter.json,
    style: reporter.style,
    // Of a terminal that may be made larger or smaller meanwhile.
    get width() {
      return reporter.width;
    },
    begins: () => reporter.begins(),
    text: (lines) => {
      reporter.text(plain(lines));
    },
    problem: (lines) => {
      reporter.problem(plain(lines));
    },
    answer: (kind, data) => {
      reporter.answer(kind, redactor.value(data));
    },
    confirm: (question) => reporter.confirm(redactor.text(question)),
  };
}
