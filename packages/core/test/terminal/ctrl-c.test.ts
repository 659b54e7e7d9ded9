import { requireService } from "@fairlead/test-support";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { buildScript } from "../support/build-entry.js";
import { openTerminal, scriptProgram, type Terminal } from "./support/terminal.js";

let script: string;
let folder: string;
let terminals: Terminal[] = [];

beforeAll(async () => {
  if (scriptProgram.available) script = join(await buildScript("deploy", join(import.meta.dirname, "support/deploy.ts")), "deploy.mjs");
});
beforeEach((context) => {
  requireService(context, scriptProgram);
  folder = mkdtempSync(join(tmpdir(), "fairlead-terminal-"));
});
afterEach(async () => {
  for (const terminal of terminals) terminal.kill();
  terminals = [];
  await rm(folder, { recursive: true, force: true });
});

/** Types a command at a terminal; with `env` the provider hangs or people are asked. */
function type(words: string, env: Readonly<Record<string, string>> = {}): Terminal {
  const terminal = openTerminal(`${process.execPath} ${script} ${words}`, { WORLD: folder, ...env });
  terminals.push(terminal);
  return terminal;
}

/** The first release serves. */
async function deployFirst(): Promise<void> {
  const { exitCode, text } = await type("deploy").ended;
  expect(exitCode, text).toBe(0);
}

test("once: the deployment is asked to stop, and what was begun is taken back", async () => {
  await deployFirst();
  const terminal = type("deploy", { RELEASE: "2", HANGS_IN: "prepare" });
  await terminal.shows("Ctrl-C takes back what was begun");
  terminal.pressCtrlC();
  const { exitCode, text, isCursorHidden } = await terminal.ended;
  expect(text).toContain("Ctrl-C: the deployment is asked to stop, and what was begun is taken back.");
  expect(text).toContain("Stopped as asked: everything that was begun has been taken back");
  expect(text).toContain("candidate-1");
  expect([exitCode, isCursorHidden]).toEqual([8, false]);
});

test("twice: it is left as it is, and the command that finishes it is printed, and does", async () => {
  await deployFirst();
  const terminal = type("deploy", { RELEASE: "2", HANGS_IN: "discard" });
  await terminal.shows("Ctrl-C takes back what was begun");
  terminal.pressCtrlC();
  await terminal.shows("taking back");
  terminal.pressCtrlC();
  const { exitCode, text, isCursorHidden } = await terminal.ended;
  expect(text.replaceAll(/\s+/g, " ")).toMatch(/Left as it is\. Deployment dep_\w+ is finished by: node deploy\.ts recover production/);
  expect([exitCode, isCursorHidden]).toEqual([8, false]);

  const recovered = await type("recover production", { RELEASE: "2" }).ended;
  expect(recovered.text).toContain("Stopped as asked: everything that was begun has been taken back");
  expect(recovered.exitCode).toBe(8);
  expect((await type("recover production").ended).text).toContain("No deployment was left behind.");
});

test("after a step that cannot be taken back: it says so, stops as it is, and names the choices", async () => {
  // Of a first release there is nothing to go back to.
  const terminal = type("deploy", { HANGS_IN: "bake" });
  await terminal.shows("Ctrl-C stops it and asks what to do");
  terminal.pressCtrlC();
  const { exitCode, text } = await terminal.ended;
  expect(text.replaceAll(/\s+/g, " ")).toContain(
    "Ctrl-C: the deployment is asked to stop, but web.promote cannot be taken back: it stops as it is and asks what to do.",
  );
  expect(text).toContain("production needs attention: It was asked to stop, but web.promote cannot be taken back.");
  for (const choice of ["retry", "take-back", "abandon"]) expect(text).toMatch(new RegExp(`node deploy\\.ts ${choice} dep_\\w+`));
  expect(exitCode).toBe(10);
});

test("while people are waited for: it is called off, and nothing was done", async () => {
  const terminal = type("deploy", { ASKS: "1" });
  await terminal.shows("Ctrl-C calls it off");
  terminal.pressCtrlC();
  const { exitCode, text } = await terminal.ended;
  expect(text).toContain("Cancelled before anything was done");
  expect(exitCode).toBe(8);
});
