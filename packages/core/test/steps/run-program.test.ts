import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { sourceFlags } from "@fairlead/test-support";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { systemClock } from "../../src/index.js";
import { runProgram, type ProgramCall } from "../../src/steps/program/run-program.js";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "program-"));
  onTestFinished(() => rm(folder, { recursive: true }));
});

/** Runs a line of shell as a program, and answers what came of it. */
async function run(script: string, given: Partial<ProgramCall> = {}) {
  const said: string[] = [];
  const code = await runProgram({
    argv: ["/bin/sh", "-c", script],
    folder,
    variables: { PATH: process.env["PATH"] ?? "" },
    grace: 300,
    clock: systemClock,
    signal: new AbortController().signal,
    onOutput: (from, piece) => said.push(`${from}: ${piece.toString()}`),
    ...given,
  });
  return { code, said };
}

/** Runs a line of shell as a program in a process of its own. */
function start({ script, ...given }: { readonly tells: "group" | "program"; readonly grace: number; readonly script: string }) {
  const call = { ...given, argv: ["/bin/sh", "-c", script], folder, variables: { PATH: process.env["PATH"] ?? "" } };
  return spawn(
    process.execPath,
    [...sourceFlags, fileURLToPath(new URL("support/run-program.ts", import.meta.url)), JSON.stringify(call)],
    {
      stdio: "inherit",
    },
  );
}

const pidIn = (name: string): number => Number(readFileSync(join(folder, name), "utf8"));
const isAlive = (pid: number): boolean => {
  try {
    // A zombie has ended.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${String(pid)}/status`, "utf8"));
  } catch {
    return false;
  }
};
const written = (name: string) =>
  vi.waitFor(() => {
    expect(existsSync(join(folder, name)) && readFileSync(join(folder, name), "utf8")).toMatch(/\n$/);
  }, 90_000);
const gone = (pid: number) =>
  vi.waitFor(() => {
    expect(isAlive(pid)).toBe(false);
  }, 90_000);

test("what it says, where and with what it ends", async () => {
  expect(await run('echo "in $PWD"; echo oops >&2; cat; exit 3')).toEqual({
    code: 3,
    said: expect.arrayContaining([expect.stringContaining(`stdout: in ${folder}`), "stderr: oops\n"]) as string[],
  });
  expect((await run("kill -9 $$")).code).toBe(137);
});

test("arguments are handed over as they are", async () => {
  const argv = ["printf", "[%s]", "a b", "$HOME", "`id`", "'\"", "", "*"];
  expect((await run("", { argv })).said).toEqual(["stdout: [a b][$HOME][`id`]['\"][][*]"]);
});

test("a program that is not there, or is none, is an error that says so", async () => {
  await expect(run("", { argv: ["no-such-program"] })).rejects.toMatchObject({
    code: "PROGRAM_NOT_FOUND",
    data: { program: "no-such-program" },
  });
  await writeFile(join(folder, "plain"), "text");
  await mkdir(join(folder, "bin"));
  await expect(run("", { argv: ["./plain"] })).rejects.toMatchObject({ code: "PROGRAM_NOT_FOUND" });
  await expect(run("", { argv: ["./bin"] })).rejects.toMatchObject({ code: "PROGRAM_NOT_FOUND" });
  await writeFile(join(folder, "bin/own"), "#!/bin/sh\necho own");
  await chmod(join(folder, "bin/own"), 0o755);
  expect((await run("", { argv: ["bin/own"] })).said).toEqual(["stdout: own\n"]);
  expect((await run("", { argv: ["own"], variables: { PATH: join(folder, "bin") } })).said).toEqual(["stdout: own\n"]);
  await expect(run("true", { folder: join(folder, "nowhere") })).rejects.toMatchObject({ code: "PROGRAM_NOT_STARTED" });
});

test("an abort ends the program and all that it has started, those that do not listen too", async () => {
  const abort = new AbortController();
  const script = `trap '' TERM; sh -c 'trap "" TERM; echo $$ > child; sleep 60' & echo $$ > parent; sleep 60; wait; echo late > late`;
  const running = run(script, { signal: abort.signal });
  running.catch(() => undefined);
  await Promise.all([written("child"), written("parent")]);
  const [child, parent] = [pidIn("child"), pidIn("parent")];
  expect([isAlive(child), isAlive(parent)]).toEqual([true, true]);
  abort.abort(new Error("enough"));
  await expect(running).rejects.toThrow("enough");
  await Promise.all([gone(child), gone(parent)]);
  expect(existsSync(join(folder, "late"))).toBe(false);
});

test("a program that ends when it is told to has the time that it takes", async () => {
  const abort = new AbortController();
  const running = run("trap 'sleep 0.2; echo tidied > tidied; exit 0' TERM; echo > up; while :; do sleep 0.01; done", {
    signal: abort.signal,
    grace: 5_000,
  });
  running.catch(() => undefined);
  await written("up");
  abort.abort(new Error("enough"));
  await expect(running).rejects.toThrow("enough");
  expect(existsSync(join(folder, "tidied"))).toBe(true);
});

test("what was aborted as it began has no effect later, whenever the abort came", async () => {
  for (let wait = 0; wait < 12; wait += 1) {
    const abort = new AbortController();
    const running = run(`sleep 0.3; echo late > late`, { signal: abort.signal });
    running.catch(() => undefined);
    await systemClock.sleep(wait);
    abort.abort(new Error("enough"));
    await expect(running).rejects.toThrow("enough");
  }
  await systemClock.sleep(350);
  expect(existsSync(join(folder, "late"))).toBe(false);
});

test("a program that ends its own helpers in good order is told alone, once, and can say so to the end", async () => {
  const helper = "trap 'echo helper >> told' TERM; echo > helper-up; while :; do sleep 0.01; done";
  const script = `sh -c '${helper.replaceAll("'", `'\\''`)}' & helper=$!
    trap 'echo program >> told; sleep 0.2; kill -9 $helper; echo tidied' TERM
    echo > up; wait; wait; echo and; echo this >&2; exit 4`;
  const abort = new AbortController();
  const said: string[] = [];
  const running = run(script, {
    tells: "program",
    grace: 5_000,
    signal: abort.signal,
    onOutput: (from, piece) => said.push(`${from}: ${piece.toString()}`),
  });
  running.catch(() => undefined);
  await Promise.all([written("up"), written("helper-up")]);
  abort.abort(new Error("enough"));
  await expect(running).rejects.toThrow("enough");
  expect(readFileSync(join(folder, "told"), "utf8")).toBe("program\n");
  expect(said.join("")).toContain("tidied");
  expect(said.join("")).toContain("stderr: this");
  expect((await run("echo out; echo err >&2; exit 5", { tells: "program" })).code).toBe(5);
});

test("a program that is told alone can say its farewell, though nobody listens any more", async () => {
  const script = `trap 'echo interrupted; sleep 0.2; echo done; echo saved > saved; exit 0' TERM; echo > up; while :; do sleep 0.01; done`;
  const starter = start({ tells: "program", grace: 5_000, script });
  await written("up");
  starter.kill("SIGKILL");
  await written("saved");
  await vi.waitFor(async () => {
    const { stdout } = await promisify(execFile)("ps", ["-eo", "args"]);
    expect(stdout.split("\n").filter((line) => line.includes(folder))).toEqual([]);
  }, 90_000);
});

test("what it leaves running in the background is not waited for", async () => {
  const { code } = await run("sleep 30 & echo $! > left; exit 0");
  expect(code).toBe(0);
  expect(isAlive(pidIn("left"))).toBe(true);
  process.kill(pidIn("left"));
});

test("when the process that started it is killed, it is ended with all that it has started", async () => {
  const script = "trap '' TERM; sh -c 'echo $$ > child; sleep 60' & echo $$ > parent; sleep 60; echo late > late";
  const starter = start({ tells: "group", grace: 200, script });
  await Promise.all([written("child"), written("parent")]);
  const [child, parent] = [pidIn("child"), pidIn("parent")];
  starter.kill("SIGKILL");
  await once(starter, "exit");
  await Promise.all([gone(child), gone(parent)]);
  // Nor is there a guard left.
  const { stdout } = await promisify(execFile)("ps", ["-eo", "args"]);
  expect(stdout.split("\n").filter((line) => line.includes(folder))).toEqual([]);
});
