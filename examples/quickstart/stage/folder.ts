import { readFileSync, rmSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a run keeps in its folder. */
export const names = { env: "env", journal: "journal.db", release: "release" } as const;

/** Who is at work in a folder: the quickstart, and the command line that it has started last. */
interface Processes {
  readonly quickstart: number;
  readonly deploy?: number;
}

const fileIn = (folder: string): string => join(folder, "processes.json");

/** Takes a folder for this process, and ends what one has left there that was killed. Answers the process that has the folder, if one does and still runs. */
export function takeFolder(folder: string): number | undefined {
  const before = read(folder);
  if (before !== undefined && runs(before.quickstart, "quickstart")) return before.quickstart;
  if (before?.deploy !== undefined && runs(before.deploy, "deploy")) process.kill(before.deploy, "SIGKILL");
  writeFileSync(fileIn(folder), JSON.stringify({ quickstart: process.pid } satisfies Processes));
  return undefined;
}

/** Notes a command line that this process has started. */
export function noteDeploy(folder: string, deploy: number): void {
  writeFileSync(fileIn(folder), JSON.stringify({ quickstart: process.pid, deploy } satisfies Processes));
}

export function giveBackFolder(folder: string): void {
  rmSync(fileIn(folder), { force: true });
}

/** Removes what a run has written, and the folder if nothing else is in it. */
export function removeFolder(folder: string): void {
  const { env, journal, release } = names;
  for (const name of [env, journal, `${journal}-wal`, `${journal}-shm`, release])
    rmSync(join(folder, name), { recursive: true, force: true });
  try {
    rmdirSync(folder);
  } catch {
    // Something of somebody else's is in it.
  }
}

function read(folder: string): Processes | undefined {
  try {
    const processes: Processes = JSON.parse(readFileSync(fileIn(folder), "utf8"));
    return processes;
  } catch {
    return undefined;
  }
}

/** Whether a process runs, and is not another one that was given its number since. */
function runs(pid: number, word: string): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(word);
  } catch {
    // Only Linux tells what a process runs.
    return word === "quickstart";
  }
}
