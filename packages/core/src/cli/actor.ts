import { execFile } from "node:child_process";
import { userInfo } from "node:os";
import { promisify } from "node:util";
import type { Actor } from "../contract/deployment-events.js";

/** Who started a job, by the variables of the systems that run jobs. The first that is set counts. */
const jobVariables = [
  "GITHUB_TRIGGERING_ACTOR",
  "GITHUB_ACTOR",
  "GITLAB_USER_LOGIN",
  "BUILDKITE_BUILD_CREATOR",
  "CIRCLE_USERNAME",
  "BUILD_REQUESTEDFOR",
  "BUILD_USER_ID",
  "BITBUCKET_STEP_TRIGGERER_UUID",
];

const run = promisify(execFile);

/** Who gives the command: the name given, else who started the job, else git's `user.name`, else the user of the operating system. Never fails. */
export async function findActor(given: string | undefined, env: Readonly<Record<string, string | undefined>>): Promise<Actor> {
  const said = [given, ...jobVariables.map((variable) => env[variable])].find(isSaid);
  const name = said ?? (await gitName(env)) ?? systemName() ?? "unknown";
  return { name, via: "cli" };
}

function isSaid(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== "";
}

async function gitName(env: Readonly<Record<string, string | undefined>>): Promise<string | undefined> {
  try {
    const { stdout } = await run("git", ["config", "user.name"], { env: { ...env }, timeout: 2_000 });
    return isSaid(stdout) ? stdout.trim() : undefined;
  } catch {
    return undefined;
  }
}

function systemName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
