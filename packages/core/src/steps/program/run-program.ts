import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";
import type { Clock } from "../../time/clock.js";
import { findProgram } from "./find-program.js";
import { lifeLineScript } from "./life-line.js";
import { endGroup } from "./process-group.js";

/** What is run, and how. */
export interface ProgramCall {
  /** The program and its arguments. Never seen by a shell. */
  readonly argv: readonly string[];
  /** The folder that it runs in. */
  readonly folder: string;
  /** All the variables that it has. */
  readonly variables: Readonly<Record<string, string>>;
  /** Who is told to end: all that it has started, or it alone because it ends its own helpers in good order. Default `group`. */
  readonly tells?: "group" | "program";
  /** How long it may take to end when it is told to, in milliseconds; then it is killed. */
  readonly grace: number;
  readonly clock: Clock;
  /** Ends it, with everything that it started. */
  readonly signal: AbortSignal;
  /** Takes its output as it comes. */
  readonly onOutput: (from: "stdout" | "stderr", piece: Buffer) => void;
}

/** How long output may still come after a program has ended, in milliseconds: what it left running may hold the line open for ever. */
const lastWords = 500;

/**
 * Runs a program to its end and answers its exit code (above 128: it was ended by a signal). It runs in a process group of its own, which is ended as a whole when the signal aborts, and when
 * this process dies, in whatever way. Its standard input is empty. Rejects with the signal's reason once the group is gone, with `PROGRAM_NOT_FOUND`, or with `PROGRAM_NOT_STARTED`.
 */
export async function runProgram(call: ProgramCall): Promise<number> {
  const { argv, folder, variables, tells = "group", grace, clock, signal } = call;
  const [name = "", ...parameters] = argv;
  signal.throwIfAborted();
  const program = await findProgram(name, { folder, path: variables["PATH"] ?? "" });
  signal.throwIfAborted();
  const child = spawn("/bin/sh", ["-c", lifeLineScript, "fairlead", tells, String(grace / 1_000), program, ...parameters], {
    cwd: folder,
    env: variables,
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  // Nothing is written there; that the other side has gone is no news.
  child.stdin.on("error", () => undefined);
  child.stdout.on("data", (piece: Buffer) => {
    call.onOutput("stdout", piece);
  });
  child.stderr.on("data", (piece: Buffer) => {
    call.onOutput("stderr", piece);
  });
  const closed = once(child, "close").catch(() => undefined);
  const group = await started(child, name);

  let ending: Promise<void> | undefined;
  const end = (): void => {
    ending ??= endGroup(group, { first: tells === "group" ? "group" : "leader", grace, clock });
  };
  if (signal.aborted) end();
  else signal.addEventListener("abort", end, { once: true });
  try {
    const code = await exitOf(child);
    await ending;
    await Promise.race([closed, clock.sleep(lastWords)]);
    signal.throwIfAborted();
    return code;
  } finally {
    signal.removeEventListener("abort", end);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

async function started(child: Child, program: string): Promise<number> {
  try {
    if (child.pid === undefined) await once(child, "spawn");
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw fail(coreErrors, "PROGRAM_NOT_STARTED", { program, problem }, { cause: error });
  }
  return child.pid ?? 0;
}

/** Whoever was ended by a signal counts as shells count it. */
async function exitOf(child: Child): Promise<number> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return child.exitCode ?? 128 + 9;
}
