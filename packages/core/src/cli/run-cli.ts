import { run } from "@stricli/core";
import { environmentSecrets } from "../config/environment-secrets.js";
import type { Deployer } from "../deployer/types.js";
import { fail, serializeError } from "../errors/fairlead-error.js";
import { createApplication } from "./application.js";
import { cliErrors } from "./cli-errors.js";
import type { Performed } from "./command.js";
import { commands } from "./commands/index.js";
import { exitCodeOfError, type ExitCode } from "./exit-codes.js";
import { createInterrupts } from "./interrupts.js";
import { createOutput, type Output } from "./output.js";
import { preludeOf, summaryOf } from "./json-frame.js";
import { perform, type Ended } from "./perform.js";
import { toCliProcess, type CliOptions, type CliProcess } from "./process.js";
import { errorLines } from "./render/error.js";
import { showCursor } from "./render/screen.js";
import type { Style } from "./render/style.js";
import { silenceSqliteWarning } from "./sqlite-warning.js";
import { guardStream } from "./stream.js";
import { takenCommands } from "./taken-commands.js";
import { ownVersion } from "./version.js";

/**
 * The whole command line of a deploy script: does what the process's arguments say, prints what comes of it, and resolves with the exit code, which it also sets. Never rejects. Gives
 * the deployer the process's environment as its source of secrets where the configuration names none, and closes the deployer, so that the script ends by itself. It touches what is global to the
 * process only while it runs.
 */
export async function runCli(deployer: Deployer, options: CliOptions = {}): Promise<number> {
  const cli = toCliProcess(options);
  const restoreWarnings = silenceSqliteWarning(process);
  // A process that ends because nothing is left to wait for has not done what it was asked to.
  cli.setExitCode(1);
  try {
    deployer.useSecrets(environmentSecrets(cli.env));
    const { exitCode, detached } = await runCommandLine(deployer, cli);
    cli.setExitCode(exitCode);
    if (detached) cli.exit(exitCode);
    return exitCode;
  } finally {
    restoreWarnings();
  }
}

async function runCommandLine(deployer: Deployer, cli: CliProcess): Promise<Ended> {
  const stdout = guardStream(cli.stdout);
  const stderr = guardStream(cli.stderr);
  const interrupts = createInterrupts(cli.signals);
  const version = ownVersion();
  const outputOf = (options: { readonly json: boolean; readonly color: boolean }): Output =>
    createOutput({ ...options, env: cli.env, terminal: cli.stdout, isErrorTerminal: cli.stderr.isTTY === true, stdout, stderr });
  const onExit = (): void => {
    if (cli.stdout.isTTY === true) stdout.write(showCursor);
  };
  cli.signals.on("exit", onExit);
  try {
    const output = outputOf({ json: cli.argv.includes("--json"), color: !cli.argv.includes("--no-color") });
    const taken = takenCommands(deployer.commandGroups);
    if (taken !== undefined) {
      await deployer.close({ within: "0s" }).catch(() => undefined);
      return { exitCode: reportMistake(taken, { cli, output, version, deployer }), detached: false };
    }
    const { ended, mistakes } = await parseAndRun(deployer, cli, {
      version,
      style: output.style,
      width: Math.min(output.width(), 80),
      stdout: (text) => {
        stdout.write(text);
      },
      perform: (performed) => perform(performed, { deployer, cli, output: outputOf(performed), interrupts, version }),
    });
    if (ended !== undefined) return ended;
    // Nothing was opened, so nothing can be lost.
    await deployer.close({ within: "0s" }).catch(() => undefined);
    if (mistakes.length > 0)
      return { exitCode: reportMistake(usageError(mistakes, cli, deployer), { cli, output, version, deployer }), detached: false };
    return { exitCode: cli.argv.length === 0 ? 64 : 0, detached: false };
  } finally {
    cli.signals.off("exit", onExit);
    interrupts.release();
    await Promise.all([stdout.release(), stderr.release()]);
  }
}

/** Finds the command and runs it; without one, prints help or the version, or says what is wrong with the words. */
async function parseAndRun(
  { application, environments, commandGroups }: Deployer,
  { argv, name }: CliProcess,
  options: {
    readonly version: string;
    readonly style: Style;
    readonly width: number;
    readonly stdout: (text: string) => void;
    readonly perform: (performed: Performed) => Promise<Ended>;
  },
): Promise<{ readonly ended: Ended | undefined; readonly mistakes: readonly string[] }> {
  const { version, style, width, stdout } = options;
  const mistakes: string[] = [];
  let ended: Ended | undefined;
  const say = (text: string): void => {
    mistakes.push(text.trimEnd());
  };
  await run(
    createApplication({ script: name, application, environments, groups: commandGroups, version, style, width }),
    argv.length === 0 ? ["--help"] : withEmptyValues(argv),
    {
      process: { stdout: { write: stdout }, stderr: { write: say } },
      perform: async (performed: Performed) => {
        ended = await options.perform(performed);
      },
    },
  );
  return { ended, mistakes };
}

/** The parser takes a flag for a word when nothing stands behind its `=`. */
function withEmptyValues(argv: readonly string[]): readonly string[] {
  const end = argv.includes("--") ? argv.indexOf("--") : argv.length;
  return argv.flatMap((word, index) => (index < end && /^--[^=]+=$/.test(word) ? [word.slice(0, -1), ""] : [word]));
}

/** The command that the words begin with, if there is such a one. */
function commandIn({ argv: [command = ""] }: CliProcess, { commandGroups }: Deployer): string | undefined {
  const known = [...commands.map(({ documentation }) => documentation), ...commandGroups];
  return known.some(({ name }) => name === command) ? command : undefined;
}

function usageError(mistakes: readonly string[], cli: CliProcess, deployer: Deployer): Error {
  const command = commandIn(cli, deployer);
  const help = `${cli.name} ${command === undefined ? "" : `${command} `}--help`;
  return fail(cliErrors, "CLI_USAGE_INVALID", { problem: mistakes.join(" "), help });
}

/** A mistake that kept every command from beginning. Answers what the process ends with. */
function reportMistake(
  mistake: Error,
  {
    cli,
    output,
    version,
    deployer,
  }: { readonly cli: CliProcess; readonly output: Output; readonly version: string; readonly deployer: Deployer },
): ExitCode {
  const error = serializeError(mistake);
  const exitCode = exitCodeOfError(error);
  const command = commandIn(cli, deployer) ?? null;
  const at = new Date(cli.clock.now()).toISOString();
  output.record("prelude", preludeOf({ version, command, application: deployer.application, environment: null, at }));
  output.record("error", { error, world: null });
  output.problem(errorLines(error, output));
  output.record("summary", summaryOf(exitCode, { command, duration: 0, deployments: [], next: [] }));
  return exitCode;
}
