import { spawn } from "node:child_process";
import { constants, setPriority } from "node:os";
import { delimiter, join } from "node:path";

/** The folder of the repository. */
export const root = join(import.meta.dirname, "..");

/** Where the scripts keep what they hand to each other. */
export const cache = join(root, "node_modules/.cache/fairlead");

const pnpm = "pnpm@12.21.0";

/** @param {readonly string[]} args @returns {[string, string[]]} the command that runs the pinned pnpm */
export function toPnpm(args) {
  return ["npx", ["-y", pnpm, ...args]];
}

/** The environment in which the tools of the repository run: on the Node that is a dependency of the root, whatever the machine has. */
export function toEnvironment(extra = {}) {
  return { ...process.env, PATH: `${join(root, "node_modules/.bin")}${delimiter}${process.env.PATH ?? ""}`, ...extra };
}

/** @type {Set<import("node:child_process").ChildProcess>} What runs. */
const children = new Set();

/** Asks everything that runs to end. */
export function endChildren() {
  for (const child of children) child.kill("SIGTERM");
}

/** @param {import("node:child_process").ChildProcess} child */
function giveWay({ pid }) {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // Not everywhere may a process say so; then it does not give way.
  }
}

/**
 * Runs a command in the repository and resolves with its exit code; a signal counts as 1. `quiet` holds the output back and prints it
 * only where the command fails; what is `patient` works when nobody else has anything to do.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ quiet?: boolean, patient?: boolean, env?: Record<string, string>, cwd?: string }} [options]
 * @returns {Promise<number>}
 */
export function run(command, args, { quiet = false, patient = false, env = {}, cwd = root } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: toEnvironment(env),
      stdio: quiet ? ["ignore", "pipe", "pipe"] : ["ignore", "inherit", "inherit"],
    });
    children.add(child);
    if (patient) giveWay(child);
    /** @type {Buffer[]} */
    const output = [];
    child.stdout?.on("data", (chunk) => output.push(chunk));
    child.stderr?.on("data", (chunk) => output.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      children.delete(child);
      if (quiet && code !== 0) process.stderr.write(Buffer.concat(output));
      resolve(code ?? 1);
    });
  });
}

/** @returns {Promise<number>} the exit code of an installation from the lockfile, which says nothing unless it fails */
export function install() {
  return run(...toPnpm(["install", "--frozen-lockfile"]), { quiet: true });
}
