import type { PluginContext } from "../../contract/plugin.js";
import type { StepCall, StepDefinition, StepObservation } from "../../contract/step.js";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";
import type { Json, JsonObject } from "../../json/json.js";
import { isSecret, type Secret } from "../../secret/secret.js";
import { deploymentVariables } from "../program/deployment-variables.js";
import { createOutputKeeper, lastLines, type KeptOutput } from "../program/kept-output.js";
import { runProgram } from "../program/run-program.js";
import { programVariables } from "../program/variables.js";
import { commandInput, readCommandInput, type CommandInput } from "./command-input.js";
import type { CommandSettings } from "./command-options.js";
import { commandText } from "./command-text.js";

/** After a program was killed its effect may still be on its way somewhere, for this long in milliseconds. */
const afterKill = 1_000;

type Context = Pick<PluginContext, "name" | "clock" | "redact">;
type Ended = KeptOutput & { readonly code: number };

/** The step of a command. Throws `COMMAND_HOLDS_SECRET`. */
export function commandStep(settings: CommandSettings, context: Context): StepDefinition {
  const input = commandInput(settings);
  refuseSecrets(input, context);
  const known = secretsIn(settings);
  const perform = async (argv: readonly string[], pinned: CommandInput, call: StepCall): Promise<Ended> => {
    const keeper = createOutputKeeper(call.log, context.redact);
    const { folder, inherit, grace } = pinned;
    const own = { ...pinned.variables, ...revealed(pinned, argv, known), ...deploymentVariables(call) };
    const variables = programVariables(inherit, own);
    const onOutput = keeper.take.bind(keeper);
    let kept: KeptOutput | undefined;
    try {
      const code = await runProgram({ argv, folder, variables, grace, clock: context.clock, signal: call.signal, onOutput });
      kept = keeper.end();
      return { ...kept, code };
    } finally {
      if (kept === undefined) keeper.end();
    }
  };
  const succeed = async (argv: readonly string[], pinned: CommandInput, call: StepCall): Promise<Json> => {
    const { code, lines, omitted } = await perform(argv, pinned, call);
    if (pinned.successCodes.includes(code)) return { exitCode: code, lines: [...lines], omitted };
    const data = { command: context.redact(commandText(argv)), code, output: lastLines({ lines, omitted }) };
    throw fail(coreErrors, pinned.retryCodes.includes(code) ? "COMMAND_TRY_AGAIN" : "COMMAND_FAILED", data);
  };
  const observe = async (given: JsonObject, call: StepCall): Promise<StepObservation> => {
    const pinned = readCommandInput(given);
    const argv = pinned.observe ?? [];
    const ended = await perform(argv, pinned, call);
    if (ended.code === 0) return { status: "applied" };
    if (ended.code === 1) return { status: "absent" };
    return {
      status: "indeterminate",
      reason: `${commandText(argv)} ended with exit code ${String(ended.code)}.\n${lastLines(ended)}`.trim(),
    };
  };
  const undo = async (given: JsonObject, call: StepCall): Promise<void> => {
    const pinned = readCommandInput(given);
    await succeed(pinned.undo ?? [], pinned, call);
  };
  const { stage, order, component, timeout, observeTimeout, grace, attempts, idempotency, reversibility } = settings;
  return {
    id: "run",
    stage,
    order,
    approval: settings.approval,
    ...(component === undefined ? {} : { component }),
    description: `run ${commandText(readCommandInput(input).run)}`,
    input,
    timeout,
    observeTimeout,
    settle: `${grace + afterKill}ms`,
    attempts,
    run: async (given, call) => {
      const pinned = readCommandInput(given);
      return succeed(pinned.run, pinned, call);
    },
    ...(idempotency === "none" ? { idempotency, observe } : { idempotency, ...(settings.observe === undefined ? {} : { observe }) }),
    ...(reversibility === "undo" ? { reversibility, undo } : { reversibility }),
  };
}

/** The list of processes shows arguments to everybody, and the plan would keep them masked, which is another command. */
function refuseSecrets(input: JsonObject, { name, redact }: Context): void {
  for (const option of ["run", "undo", "observe", "folder", "variables"] as const) {
    const text = JSON.stringify(input[option] ?? null);
    if (redact(text) === text) continue;
    const names = { folder: "cwd", variables: "env" } as const;
    throw fail(coreErrors, "COMMAND_HOLDS_SECRET", {
      plugin: name,
      option: option in names ? names[option as keyof typeof names] : option,
    });
  }
}

function secretsIn({ env }: CommandSettings): ReadonlyMap<string, Secret> {
  return new Map(Object.values(env).flatMap((value) => (isSecret(value) ? [[value.name, value] as const] : [])));
}

function revealed(
  { secrets }: CommandInput,
  argv: readonly string[],
  known: ReadonlyMap<string, Secret>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(secrets).map(([variable, name]) => {
      const found = known.get(name);
      if (found === undefined) throw fail(coreErrors, "COMMAND_SECRET_UNKNOWN", { command: commandText(argv), secret: name });
      return [variable, found.reveal()];
    }),
  );
}
