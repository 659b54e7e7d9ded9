import type { DeploymentEvent, SerializedError } from "@fairlead/core";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** The example: where `deploy.ts` is, and where it runs. */
const example = join(import.meta.dirname, "..");

/** What a run of the command line came to. */
export interface DeployRun {
  /** 128 and more: ended by a signal. */
  readonly exitCode: number;
  /** Milliseconds since the epoch: when the process was started, and when it had ended. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly events: readonly DeploymentEvent[];
  /** Why the command did not work, where it did not: its own words, and what it wrote to standard error. */
  readonly problems: readonly string[];
}

export interface RunOptions {
  /** What the process finds in its environment besides this process's own. */
  readonly env: Readonly<Record<string, string>>;
  /** Kills the process. */
  readonly signal?: AbortSignal;
  /** What Node.js is started with. Default: as this process. */
  readonly nodeFlags?: readonly string[];
  /** Told the process's number as soon as it has one. */
  readonly onStart?: (pid: number) => void;
  readonly onEvent?: (event: DeploymentEvent) => void;
}

/** Runs `node deploy.ts <words> --json` in a process of its own, on the Node.js that runs this one. */
export async function runDeploy(words: readonly string[], options: RunOptions): Promise<DeployRun> {
  const events: DeploymentEvent[] = [];
  const problems: string[] = [];
  const startedAt = Date.now();
  const { exitCode, said } = await runCommand([...words, "--json"], options, (line) => {
    const record: CommandRecord = JSON.parse(line);
    if (record.type === "event") {
      events.push(record.event);
      options.onEvent?.(record.event);
    } else if (record.type === "error") problems.push(record.error.message, record.error.hint);
  });
  if (said !== "") problems.push(said);
  return { exitCode, startedAt, endedAt: Date.now(), events, problems };
}

/** Runs `node deploy.ts <words>` and resolves with what it printed. */
export async function printDeploy(words: readonly string[], options: Omit<RunOptions, "onEvent">): Promise<readonly string[]> {
  const lines: string[] = [];
  await runCommand(words, options, (line) => lines.push(line));
  return lines;
}

async function runCommand(
  words: readonly string[],
  { env, signal, onStart, nodeFlags = process.execArgv }: Omit<RunOptions, "onEvent">,
  onLine: (line: string) => void,
): Promise<{ readonly exitCode: number; readonly said: string }> {
  const child = spawn(process.execPath, [...nodeFlags, "deploy.ts", ...words], {
    cwd: example,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    killSignal: "SIGKILL",
    ...(signal === undefined ? {} : { signal }),
  });
  if (child.pid !== undefined) onStart?.(child.pid);
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  createInterface({ input: child.stdout }).on("line", onLine);
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      resolve(code ?? 128);
    });
  });
  return { exitCode, said: said.trim() };
}

/** A JSON line of the command line, as far as it is looked at. */
type CommandRecord =
  | { readonly type: "event"; readonly event: DeploymentEvent }
  | { readonly type: "error"; readonly error: SerializedError }
  | { readonly type: "prelude" | "log" | "notice" | "result" | "summary" };
