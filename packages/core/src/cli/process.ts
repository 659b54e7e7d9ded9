import { relative } from "node:path";
import { systemClock, type Clock } from "../time/clock.js";
import type { CliInput } from "./ask.js";
import type { CliSignals } from "./interrupts.js";
import type { CliStream } from "./stream.js";

/** What `runCli` takes from the process unless it is given. */
export interface CliOptions {
  /** The words behind the script. Default `process.argv.slice(2)`. */
  readonly argv?: readonly string[];
  /** Variables: secrets, CI systems, colours. Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** How the script is called, for help and for the commands it suggests. Default: `node` and the script's path. */
  readonly name?: string;
  readonly stdout?: CliStream;
  readonly stderr?: CliStream;
  /** Where a person answers. Default `process.stdin`. */
  readonly stdin?: CliInput;
  /** What heartbeats and timers on the terminal go by. Default: the machine's clock. */
  readonly clock?: Clock;
  /** Where Ctrl-C and SIGTERM arrive. Default `process`. */
  readonly signals?: CliSignals;
  /** Sets what the process ends with. Default: sets `process.exitCode`. */
  readonly setExitCode?: (exitCode: number) => void;
  /** Ends the process when somebody leaves while something still runs. Default `process.exit`. */
  readonly exit?: (exitCode: number) => void;
}

/** The process as the command line sees it. */
export interface CliProcess {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly name: string;
  readonly stdout: CliStream;
  readonly stderr: CliStream;
  readonly stdin: CliInput;
  readonly clock: Clock;
  readonly signals: CliSignals;
  setExitCode(exitCode: number): void;
  exit(exitCode: number): void;
}

export function toCliProcess(options: CliOptions): CliProcess {
  return {
    argv: options.argv ?? process.argv.slice(2),
    env: options.env ?? process.env,
    name: options.name ?? scriptName(process.argv[1], process.cwd()),
    stdout: options.stdout ?? process.stdout,
    stderr: options.stderr ?? process.stderr,
    stdin: options.stdin ?? process.stdin,
    clock: options.clock ?? systemClock,
    signals: options.signals ?? process,
    setExitCode:
      options.setExitCode ??
      ((exitCode) => {
        process.exitCode = exitCode;
      }),
    exit:
      options.exit ??
      ((exitCode) => {
        process.exit(exitCode);
      }),
  };
}

/** What a person types to call the script from the folder that they are in. */
function scriptName(path: string | undefined, folder: string): string {
  return `node ${path === undefined ? "deploy.ts" : relative(folder, path)}`;
}
