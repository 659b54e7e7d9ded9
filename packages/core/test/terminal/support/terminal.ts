import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import type { Service } from "@fairlead/test-support";
import { screenOf } from "../../cli/terminal.js";

/** `script` of util-linux gives a process a terminal; that of other systems takes other words. */
export const scriptProgram: Service = findScript();

function findScript(): Service {
  const name = "script of util-linux";
  try {
    if (execFileSync("script", ["--version"], { encoding: "utf8" }).includes("util-linux")) return { name, available: true };
  } catch {
    // Not there, or another one.
  }
  return { name, available: false, reason: "it gives a process a terminal, and is a part of every Debian" };
}

/** A program at a terminal of its own. */
export interface Terminal {
  /** Resolves when what was sent to the terminal has this text somewhere, also in a line that was drawn over since. Rejects if the program ends without. */
  shows(text: string): Promise<void>;
  /** As a person does. */
  pressCtrlC(): void;
  /** The exit code, and what a person sees then. */
  readonly ended: Promise<{ readonly exitCode: number; readonly text: string; readonly isCursorHidden: boolean }>;
  kill(): void;
}

export function openTerminal(command: string, env: Readonly<Record<string, string>>): Terminal {
  const { CI: _, ...own } = process.env;
  const child = spawn("script", ["--quiet", "--return", "--command", `stty cols 100 rows 40; exec ${command}`, "/dev/null"], {
    env: { ...own, SHELL: "/bin/sh", TERM: "xterm-256color", NO_COLOR: "1", ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let sent = "";
  let isOver = false;
  const waiting = new Set<() => void>();
  const change = (): void => {
    for (const look of waiting) look();
  };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    sent += text;
    change();
  });
  const ended = once(child, "close").then(async ([code]: unknown[]) => {
    isOver = true;
    change();
    const { lines, isCursorHidden } = await screenOf(sent, { columns: 100, rows: 40 });
    return { exitCode: Number(code), text: lines.join("\n"), isCursorHidden };
  });
  return {
    ended,
    shows: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const isShown = sent.includes(text);
          if (!isShown && !isOver) return;
          waiting.delete(look);
          if (isShown) resolve();
          else reject(new Error(`It ended and never said "${text}":\n${sent}`));
        };
        waiting.add(look);
        look();
      }),
    pressCtrlC: () => void child.stdin.write("\u0003"),
    kill: () => void child.kill("SIGKILL"),
  };
}
