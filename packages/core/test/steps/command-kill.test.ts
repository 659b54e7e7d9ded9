import { sourceFlags } from "@fairlead/test-support";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test, vi } from "vitest";

const script = fileURLToPath(new URL("support/deploy-with-commands.ts", import.meta.url));

/** Waits for ever in the first run, at a moment that it announces. */
const pause = (moment: string) => `if [ ! -e paused ]; then touch paused; echo ${moment} > here; sleep 60; fi`;
/** Doing it twice shows, but where what is called recognises the key. */
const effects = {
  natural: "echo effect > effects",
  keyed: 'grep -qs "$FAIRLEAD_IDEMPOTENCY_KEY" effects || echo "$FAIRLEAD_IDEMPOTENCY_KEY" >> effects',
  none: "echo effect >> effects",
};

async function createFolder(act: string, undo: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "command-kill-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "act.sh"), act);
  await writeFile(join(folder, "undo.sh"), undo);
  return folder;
}

/** Deploys in a process that is killed at the pause, then recovers in another one. Answers how it ended. */
async function killedAndRecovered(folder: string, ...rest: readonly string[]): Promise<string> {
  const deploying = spawn(process.execPath, [...sourceFlags, script, "deploy", folder, ...rest], { stdio: "inherit" });
  await vi.waitFor(() => {
    expect(existsSync(join(folder, "here"))).toBe(true);
  }, 90_000);
  deploying.kill("SIGKILL");
  await once(deploying, "exit");
  const { stdout } = await promisify(execFile)(process.execPath, [...sourceFlags, script, "recover", folder, ...rest]);
  const { stdout: left } = await promisify(execFile)("ps", ["-eo", "args"]);
  expect(left.split("\n").filter((line) => line.includes(folder))).toEqual([]);
  return stdout.trim();
}

const effectsIn = (folder: string): number =>
  existsSync(join(folder, "effects")) ? readFileSync(join(folder, "effects"), "utf8").trim().split("\n").length : 0;

const cases = (["natural", "keyed", "none"] as const).flatMap((kind) => (["before", "after"] as const).map((moment) => ({ kind, moment })));

test.for(cases)("a $kind command whose deployment is killed $moment its effect has it once", async ({ kind, moment }) => {
  const effect = effects[kind];
  const act = moment === "before" ? `${pause(moment)}\n${effect}` : `${effect}\n${pause(moment)}`;
  const folder = await createFolder(act, "rm -f effects");
  expect(await killedAndRecovered(folder, kind)).toBe("succeeded");
  expect(effectsIn(folder)).toBe(1);
});

test.for(["before", "after"] as const)("a command that is being taken back, and killed %s that, is taken back", async (moment) => {
  const undo = moment === "before" ? `${pause(moment)}\nrm -f effects` : `rm -f effects\n${pause(moment)}`;
  const folder = await createFolder(effects.none, undo);
  expect(await killedAndRecovered(folder, "natural", "fails")).toBe("rolled_back");
  expect(effectsIn(folder)).toBe(0);
});
