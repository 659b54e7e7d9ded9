import { execFile } from "node:child_process";
import { promisify } from "node:util";

/**
 * Runs a program of a consumer and resolves with what it printed. Rejects with all of its output where it fails, or does not end within a minute.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} cwd
 * @returns {Promise<string>}
 */
export async function outputOf(command, args, cwd) {
  try {
    const { stdout } = await promisify(execFile)(command, args, { cwd, timeout: 60_000, maxBuffer: 2 ** 26 });
    return stdout;
  } catch (error) {
    const { message, stdout = "", stderr = "" } = /** @type {Error & { stdout?: string, stderr?: string }} */ (error);
    throw new Error([message, stdout, stderr].filter((part, index) => index === 0 || !message.includes(part)).join("\n"), { cause: error });
  }
}
