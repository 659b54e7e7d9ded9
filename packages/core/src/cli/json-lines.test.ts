import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as z from "zod";
import { createFakeDeployer } from "../../test/cli/fake-deployer.js";
import { createFakeDeployment, succeededDeployment } from "../../test/cli/fake-deployment.js";
import { deploymentId, fakePlan } from "../../test/cli/fake-plan.js";
import { fakeCheck, fakeSummary } from "../../test/cli/fake-reports.js";
import { jsonLine, readJsonLines } from "../../test/cli/json-line-schema.js";
import { runCommand, startCommand } from "../../test/cli/run-command.js";
import { createTestClock } from "../../test/cli/test-clock.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";

test("a deployment is a prelude, its events and log, the result and a summary", async () => {
  const clock = createTestClock();
  const deployment = createFakeDeployment(clock);
  const deployer = createFakeDeployer({ deploy: () => Promise.resolve(deployment) });
  const { stdout, stderr, ended } = startCommand(deployer, "deploy production --json", { clock });
  await clock.advance(0);
  deployment.begin("web.prepare");
  deployer.say({ step: "web.prepare", level: "warn", message: "slow", fields: { seconds: 3 }, deploymentId });
  await clock.advance(40_000);
  deployment.succeed("web.prepare");
  deployment.append("deployment.succeeded", { outcome: "promoted" });
  await ended;
  const lines = readJsonLines(stdout.text);
  expect(lines.map((line) => (line.type === "event" ? line.event.type : line.type))).toEqual([
    "prelude",
    "deployment.created",
    "deployment.started",
    "log",
    "step.started",
    "step.succeeded",
    "deployment.succeeded",
    "result",
    "summary",
  ]);
  expect(lines[0]).toMatchObject({ v: 1, command: "deploy", application: "shop", environment: "production" });
  expect(lines.at(-1)).toEqual({
    v: 1,
    type: "summary",
    command: "deploy",
    exitCode: 0,
    meaning: "success",
    duration: 40_000,
    deployments: [deploymentId],
    next: ["node deploy.ts status production", "node deploy.ts rollback production"],
  });
  expect(stderr.text).toBe("");
});

test("a terminal changes nothing about JSON lines", async () => {
  const deployer = createFakeDeployer({ plan: () => Promise.resolve(fakePlan()) });
  const { stdout } = await runCommand(deployer, "plan --json", { terminal: { columns: 40 } });
  expect(readJsonLines(stdout).map(({ type }) => type)).toEqual(["prelude", "plan", "summary"]);
});

test.for(["status", "history", "health", "doctor", "logs"])("%s answers in JSON lines", async (command) => {
  const clock = createTestClock();
  const deployer = createFakeDeployer({
    history: () => Promise.resolve({ items: [fakeSummary()] }),
    health: () => Promise.resolve([fakeCheck()]),
    doctor: () =>
      Promise.resolve({
        environment: "production",
        healthy: true,
        store: { description: "memory", reachable: true, message: null },
        problems: [],
        checks: [],
      }),
    deployment: () => Promise.resolve(succeededDeployment(clock)),
    logs: () => Promise.resolve([{ at: "2026-11-21T10:00:00.000Z", level: "info", step: null, message: "hello", fields: {} }]),
  });
  const { exitCode, stdout } = await runCommand(deployer, `${command} --json`, { clock });
  expect(exitCode).toBe(0);
  const types: Readonly<Record<string, readonly string[]>> = {
    status: ["status"],
    history: ["deployment", "statistics"],
    health: ["check"],
    doctor: ["doctor"],
    logs: ["log"],
  };
  expect(readJsonLines(stdout).map(({ type }) => type)).toEqual(["prelude", ...(types[command] ?? []), "summary"]);
});

test("a mistake is a line with its code and what is true of the world", async () => {
  const error = fail(coreErrors, "ENVIRONMENT_CHANGED", { environment: "production", component: "web", expected: "a", found: "b" });
  const { exitCode, stdout, stderr } = await runCommand(createFakeDeployer({ deploy: () => Promise.reject(error) }), "deploy --json");
  expect(exitCode).toBe(1);
  const [, told, summary] = readJsonLines(stdout);
  expect(told).toMatchObject({
    type: "error",
    error: { code: "ENVIRONMENT_CHANGED", retryable: true },
    world: "Nothing was recorded, nothing was deployed.",
  });
  expect(summary).toMatchObject({ exitCode: 1, meaning: "error" });
  expect(stderr).toBe("");
});

test("wrong usage is told in JSON lines too", async () => {
  const { exitCode, stdout } = await runCommand(createFakeDeployer(), "deploy --json --wrong");
  expect(exitCode).toBe(64);
  const lines = readJsonLines(stdout);
  expect(lines[1]).toMatchObject({ type: "error", error: { code: "CLI_USAGE_INVALID" } });
  expect(lines.at(-1)).toMatchObject({ exitCode: 64, command: "deploy" });
});

test("Ctrl-C is a notice", async () => {
  const clock = createTestClock();
  const deployer = createFakeDeployer({
    deploy: () => Promise.resolve(createFakeDeployment(clock)),
    abort: () => new Promise(() => undefined),
  });
  const { stdout, signals, ended } = startCommand(deployer, "deploy --json", { clock });
  await clock.advance(0);
  signals.emit("SIGINT");
  signals.emit("SIGINT");
  await clock.advance(1_000);
  expect(await ended).toBe(8);
  const lines = readJsonLines(stdout.text);
  expect(lines.filter(({ type }) => type === "notice")).toHaveLength(2);
  expect(lines.at(-1)).toMatchObject({ exitCode: 8, meaning: "cancelled or superseded", deployments: [deploymentId] });
});

test("the lines that the page shows are of this format", () => {
  const page = readFileSync(new URL("../../../../docs/command-line.md", import.meta.url), "utf8");
  const [, sample = ""] = /```jsonl\n([\s\S]*?)```/.exec(page) ?? [];
  expect(readJsonLines(sample).map(({ type }) => type)).toEqual(["prelude", "error", "summary"]);
});

test("the page lists every type of line", () => {
  const page = readFileSync(new URL("../../../../docs/command-line.md", import.meta.url), "utf8");
  const [, section = ""] = page.split("## JSON lines");
  const listed = [...section.matchAll(/^\| `([a-z]+)` /gm)].map(([, type]) => type);
  const known = jsonLine.options.map((option) => option.shape.type.value);
  expect(listed.sort()).toEqual([...known].sort());
});

/** Members and types of lines may be added within a version: whoever reads the lines lets them pass. */
function loosely(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(loosely);
  if (typeof schema !== "object" || schema === null) return schema;
  const members = Object.entries(schema).filter(([name, value]) => name !== "additionalProperties" || value !== false);
  return Object.fromEntries(members.map(([name, value]) => [name, loosely(value)]));
}

test("the schema that is published is the one that every line here is checked against", async () => {
  const schema = JSON.stringify(loosely(z.toJSONSchema(jsonLine)), null, 2);
  await expect(`${schema}\n`).toMatchFileSnapshot("../../../../docs/json-lines.schema.json");
});
