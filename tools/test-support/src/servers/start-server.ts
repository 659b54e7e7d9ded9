import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { sourceFlags } from "../source-flags.js";

export interface RunningServer {
  readonly port: number;
  readonly child: ChildProcess;
  /** All that it has said of mistakes, once it has ended. */
  readonly complaints: Promise<string>;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

const endLongWaits = `--import=${new URL("./end-long-waits.js", import.meta.url).href}`;

/** Starts a program that prints `port: <number>` when it listens, from its sources, and answers it when it does. A drain that lasts ten minutes is ended by `expectDrain`. */
export async function startServer(
  file: string,
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<RunningServer> {
  const child = spawn(process.execPath, [...sourceFlags, endLongWaits, file], {
    cwd,
    env: { PATH: process.env["PATH"], NODE_ENV: "production", NO_COLOR: "1", PORT: "0", DRAIN_DELAY: "10m", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("exit", () => process.off("exit", kill));
  const ended = once(child, "close").then(([code, signal]: (number | NodeJS.Signals | null)[]) => code ?? signal ?? null);
  const complaints = text(child.stderr);
  let said = "";
  for await (const bytes of child.stdout.iterator({ destroyOnReturn: false })) {
    said += String(bytes);
    const port = /port: (\d+)/.exec(said)?.[1];
    if (port === undefined) continue;
    child.stdout.resume();
    return { port: Number(port), child, complaints, ended };
  }
  throw new Error(`${file} ended before it listened: ${said}${await complaints}`);
}
