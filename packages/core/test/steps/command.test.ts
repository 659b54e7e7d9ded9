import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { secret } from "../../src/index.js";
import { command, type CommandOptions } from "../../src/steps/index.js";
import { createCall, pinned, runStep, stepsOf } from "./support/set-up.js";

let cwd = "";
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "command-"));
  onTestFinished(() => rm(cwd, { recursive: true }));
});

const plain = { stage: "provision", idempotency: "natural", reversibility: "leave" } as const;

/** The step of a command that is a line of shell. */
async function stepOf(shell: string, options: Partial<CommandOptions> = {}, secrets: Readonly<Record<string, string>> = {}) {
  const given = { ...plain, cwd, run: { shell }, ...options } as CommandOptions;
  const [step] = await stepsOf(command({ name: "assets", ...given }), secrets);
  return step ?? expect.fail("no step");
}

test("it is told what is deployed, and has only variables that it is given", async () => {
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "of-the-process");
  vi.stubEnv("AWS_PROFILE", "shop");
  onTestFinished(() => void vi.unstubAllEnvs());
  const variablesWith = async (options: Partial<CommandOptions>): Promise<Readonly<Record<string, string>>> => {
    await runStep(await stepOf("env > seen", options, { TOKEN: "k3xQ-9vLm2-Zt7p" }), createCall());
    return Object.fromEntries(
      (await readFile(join(cwd, "seen"), "utf8")).split("\n").map((line) => line.split("=", 2) as [string, string]),
    );
  };
  const seen = await variablesWith({ env: { COLOR: "blue", TOKEN: secret("TOKEN") } });
  expect(seen).toMatchObject({
    FAIRLEAD_APPLICATION: "shop",
    FAIRLEAD_ENVIRONMENT: "production",
    FAIRLEAD_DEPLOYMENT: "dep_1",
    FAIRLEAD_RELEASE: "rel_1",
    FAIRLEAD_COMMIT: "abc123",
    FAIRLEAD_IDEMPOTENCY_KEY: "dep_1/a.run",
    COLOR: "blue",
    TOKEN: "k3xQ-9vLm2-Zt7p",
    PATH: process.env["PATH"],
  });
  expect(seen).not.toHaveProperty("AWS_SECRET_ACCESS_KEY");
  expect(await variablesWith({ inherit: ["AWS_PROFILE"] })).toMatchObject({ AWS_PROFILE: "shop" });
  expect(await variablesWith({ inherit: "all" })).toMatchObject({ AWS_SECRET_ACCESS_KEY: "of-the-process" });
});

test("what it says is logged and kept", async () => {
  const call = createCall();
  const output = await runStep(await stepOf("echo one; echo two"), call);
  expect(output).toEqual({ exitCode: 0, lines: ["one", "two"], omitted: 0 });
  expect(call.lines).toEqual(["one", "two"]);
});

test("its exit code is judged as the options say", async () => {
  const options = { successCodes: [0, 2], retryCodes: [75] };
  expect(await runStep(await stepOf("exit 2", options), createCall())).toMatchObject({ exitCode: 2 });
  await expect(runStep(await stepOf("echo busy; exit 75", options), createCall())).rejects.toMatchObject({
    code: "COMMAND_TRY_AGAIN",
    retryable: true,
    message: expect.stringContaining("busy") as string,
  });
  await expect(runStep(await stepOf("echo no such bucket >&2; exit 1", options), createCall())).rejects.toMatchObject({
    code: "COMMAND_FAILED",
    retryable: false,
    data: { code: 1, command: "/bin/sh -c 'echo no such bucket >&2; exit 1'", output: "  no such bucket" },
  });
});

test("what the observing command ends with says what is true", async () => {
  const observed = async (code: number) => {
    const step = await stepOf("true", { observe: { shell: `echo looked; exit ${String(code)}` } });
    return step.observe?.(pinned(step), createCall());
  };
  expect(await observed(0)).toEqual({ status: "applied" });
  expect(await observed(1)).toEqual({ status: "absent" });
  expect(await observed(2)).toEqual({ status: "indeterminate", reason: expect.stringContaining("exit code 2.\n  looked") as string });
});

test("an undo that does not work is an error", async () => {
  const step = await stepOf("true", { reversibility: "undo", undo: ["false"] });
  if (step.reversibility !== "undo") expect.fail("it cannot be taken back");
  await expect(step.undo(pinned(step), { ...createCall(), output: undefined })).rejects.toMatchObject({ code: "COMMAND_FAILED" });
});

test("the plan shows the command, pins it, and holds no secret", async () => {
  const token = "k3xQ-9vLm2-Zt7p";
  const step = await stepOf("true", { run: ["node", "up load.mjs"], env: { KEY: secret("TOKEN"), COLOR: "blue" } }, { TOKEN: token });
  expect(step.description).toBe("run node 'up load.mjs'");
  expect(step.input).toMatchObject({ run: ["node", "up load.mjs"], variables: { COLOR: "blue" }, secrets: { KEY: "TOKEN" } });
  expect(JSON.stringify(step)).not.toContain(token);
});

test("whoever recovers runs what was planned, and not what the configuration says now", async () => {
  const planned = pinned(await stepOf("echo planned $KEY", { env: { KEY: secret("TOKEN") } }, { TOKEN: "k3xQ-9vLm2-Zt7p" }));
  const now = await stepOf("echo changed", { env: { OTHER: secret("TOKEN") } }, { TOKEN: "k3xQ-9vLm2-Zt7p" });
  expect(await now.run(planned, createCall())).toMatchObject({ lines: ["planned [redacted:TOKEN]"] });
  const without = await stepOf("echo changed");
  await expect(without.run(planned, createCall())).rejects.toMatchObject({ code: "COMMAND_SECRET_UNKNOWN", data: { secret: "TOKEN" } });
});

test("a secret that stands in the configuration as text is refused: everybody could read it", async () => {
  const token = "k3xQ-9vLm2-Zt7p";
  const refusal = (option: string) => ({ code: "COMMAND_HOLDS_SECRET", data: { plugin: "assets", option } });
  await expect(stepOf(`curl -H "authorization: ${token}"`, {}, { TOKEN: token })).rejects.toMatchObject(refusal("run"));
  await expect(stepOf("true", { env: { A: token } }, { TOKEN: token })).rejects.toMatchObject(refusal("env"));
  await expect(stepOf("true", { observe: ["test", token] }, { TOKEN: token })).rejects.toMatchObject(refusal("observe"));
});

test("mistakes in the options are told", async () => {
  await expect(stepOf("true", { idempotency: "none" } as never)).rejects.toThrow("observe: What must not be done twice");
  await expect(stepOf("true", { reversibility: "undo" } as never)).rejects.toThrow("undo: Give `undo`");
  await expect(stepOf("true", { env: { FAIRLEAD_RELEASE: "x" } })).rejects.toThrow("FAIRLEAD_");
  await expect(stepOf("true", { run: "true" as never })).rejects.toThrow("Write the program and its arguments");
});

test("a line that is longer than what a pipe holds, and one after another", async () => {
  await writeFile(join(cwd, "long"), `${"x".repeat(200_000)}\nend\n`);
  expect(await runStep(await stepOf("cat long"), createCall())).toMatchObject({
    lines: [expect.stringContaining("characters more"), "end"],
  });
});
