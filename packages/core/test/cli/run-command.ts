import { EventEmitter } from "node:events";
import { runCli, type CliOptions } from "../../src/cli/index.js";
import type { Deployer } from "../../src/deployer/types.js";
import { createTestClock } from "./test-clock.js";
import { CapturedStream } from "./test-streams.js";

export interface CommandRun {
  readonly stdout: CapturedStream;
  readonly stderr: CapturedStream;
  readonly signals: EventEmitter;
  /** What the exit code of the process was set to, in order. */
  readonly exitCodes: readonly number[];
  /** With what the process was ended. */
  readonly exits: readonly number[];
  readonly ended: Promise<number>;
}

export interface RunOptions extends CliOptions {
  readonly terminal?: { readonly columns: number; readonly rows?: number };
}

/** Begins a command; its words as they are typed. */
export function startCommand(deployer: Deployer, words: string, options: RunOptions = {}): CommandRun {
  const { terminal, ...given } = options;
  const stdout = new CapturedStream(terminal === undefined ? {} : { isTTY: true, ...terminal });
  const stderr = new CapturedStream();
  const signals = new EventEmitter();
  const exitCodes: number[] = [];
  const exits: number[] = [];
  const ended = runCli(deployer, {
    argv: words.split(" ").filter((word) => word !== ""),
    env: { GITHUB_ACTOR: "ada" },
    name: "node deploy.ts",
    stdout,
    stderr,
    signals,
    clock: createTestClock(),
    setExitCode: (exitCode) => exitCodes.push(exitCode),
    exit: (exitCode) => exits.push(exitCode),
    ...given,
  });
  return { stdout, stderr, signals, exitCodes, exits, ended };
}

/** Runs a command to its end. */
export async function runCommand(
  deployer: Deployer,
  words: string,
  options: RunOptions = {},
): Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }> {
  const { stdout, stderr, ended } = startCommand(deployer, words, options);
  const exitCode = await ended;
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}
