import { docker, postgres, requireService, sourceFlags } from "@fairlead/test-support";
import Docker from "dockerode";
import { execFile, fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv, promisify } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Report } from "./stage/report.ts";

const run = promisify(execFile);
let folder: string;
let children: ChildProcess[] = [];

beforeEach(async (context) => {
  requireService(context, postgres);
  folder = await mkdtemp(join(tmpdir(), "quickstart-"));
});
afterEach(async () => {
  for (const child of children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) {
    child.kill("SIGINT");
    await once(child, "exit");
  }
  children = [];
  await rm(folder, { recursive: true, force: true });
});

/** The quickstart in a process of its own, from the sources of the packages. */
function start(words: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const child = fork("quickstart.ts", ["--folder", join(folder, "data"), ...words], {
    cwd: import.meta.dirname,
    execArgv: [...sourceFlags],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...process.env, NO_COLOR: "1", ...env },
  });
  children.push(child);
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
    });
  }
  const exited = once(child, "exit").then(([code]: (number | null)[]) => code);
  return { child, exited, printed: () => printed };
}

describe("four releases", () => {
  test("are deployed, and two of them take themselves back", { timeout: 600_000 }, async () => {
    const file = join(folder, "report.json");

    const { exited, printed } = start(["--report", file]);

    expect(await exited, printed()).toBe(0);
    const report: Report = JSON.parse(await readFile(file, "utf8"));
    expect(report.facts.filter(({ holds }) => !holds)).toEqual([]);
    expect(report.ok).toBe(true);
    expect(report.deployments).toMatchObject([
      { release: "1", end: "promoted", exitCode: 0, verdict: null },
      { release: "2", end: "promoted", exitCode: 0, verdict: null },
      { release: "3", end: "rolled-back", exitCode: 4, verdict: { step: "web.verify" } },
      {
        release: "4",
        end: "rolled-back",
        exitCode: 4,
        verdict: { step: "bake", reason: expect.stringContaining("teapot is shown at 2.40 € and charged at 24.00 €") },
      },
    ]);
    expect(report.served.map(({ release, status }) => [release, status])).toEqual([
      [null, 404],
      ["1", 200],
      ["2", 200],
      ["4", 200],
      ["2", 200],
    ]);
    const verdict = report.deployments[3]?.verdict?.at ?? 0;
    // One second, and what a busy machine adds.
    expect((report.served[4]?.from ?? Infinity) - verdict).toBeLessThanOrEqual(30_000);
    expect(report.messages).toHaveLength(10);
    expect(report.messages.every(({ channels }) => channels.length === 3)).toBe(true);
    const [began, finished] = report.host?.drivers ?? [];
    expect(report.host?.drivers).toHaveLength(2);
    expect(began).not.toBe(finished);
    expect(report.change).toMatchObject({
      steps: [
        { exitCode: 0, applied: ["0003_priority"] },
        { exitCode: 0, applied: ["0004_priority_required"] },
      ],
      clients: { errors: [] },
    });
    const said = printed().replaceAll(/\s+/g, " ");
    expect(said).toContain("0003_priority.sql:1: adds orders.priority, which requires a value and has no default");
    expect(said).toContain("In two steps: give it a default or let it be missing (expand)");
    if (docker.available) expect(report.work).toMatchObject({ repeated: 0 });
    expect(
      printed()
        .split("\n")
        .filter((line) => line.length > 100),
    ).toEqual([]);
  });

  test("stay up where that is wanted, also without a Docker engine", { timeout: 600_000 }, async () => {
    const { child, exited, printed } = start(["--serve"], { DOCKER_HOST: "unix:///nowhere.sock" });
    await until(() => printed().includes("SERVING"), 500_000);
    const env = { ...process.env, ...parseEnv(await readFile(join(folder, "data/env"), "utf8")) };

    expect(printed()).toContain("The worker is left out: no Docker engine answers at /nowhere.sock.");
    const address = /http:\S+\/api\/health/.exec(printed())?.[0] ?? "";
    await until(async () => (await fetch(address)).status === 200);
    const health = await fetch(address);
    expect(await health.json()).toMatchObject({ status: "healthy", services: { database: { status: "up" }, checkout: { status: "up" } } });
    const status = await run(process.execPath, [...sourceFlags, "deploy.ts", "status", "production"], { cwd: import.meta.dirname, env });
    expect(status.stdout).toMatch(/✔ web +serves/);
    expect(status.stdout).not.toContain("worker");

    child.kill("SIGINT");
    expect(await exited).toBe(0);
    expect(existsSync(join(folder, "data/journal.db"))).toBe(true);
  });
});

describe("a run that is broken off", () => {
  test("by Ctrl-C ends everything that it has started, and leaves nothing", { timeout: 600_000 }, async () => {
    const { child, exited, printed } = start();
    await until(() => printed().includes("Release 2"));
    const env = parseEnv(await readFile(join(folder, "data/env"), "utf8"));

    child.kill("SIGINT");

    expect(await exited).toBe(130);
    expect(existsSync(join(folder, "data"))).toBe(false);
    await expectGone(env);
    if (docker.available) expect(await containersOf(env["SHOP_APPLICATION"])).toEqual([]);
  });

  test("by the end of its process leaves no other process, and the folder to the next run", { timeout: 600_000 }, async () => {
    const first = start();
    await until(() => first.printed().includes("Release 1"));
    const env = parseEnv(await readFile(join(folder, "data/env"), "utf8"));

    first.child.kill("SIGKILL");
    await first.exited;

    await expectGone(env);
    const next = start();
    await until(() => next.printed().includes("Release 1"));
    next.child.kill("SIGINT");
    expect(await next.exited, next.printed()).toBe(130);
  });

  test("is not begun twice in one folder", { timeout: 600_000 }, async () => {
    const first = start();
    await until(() => first.printed().includes("Release 1"));

    const second = start();

    expect(await second.exited).toBe(1);
    expect(second.printed()).toContain(String(first.child.pid));
    first.child.kill("SIGINT");
    expect(await first.exited).toBe(130);
  });
});

async function until(holds: () => boolean | Promise<boolean>, within = 120_000): Promise<void> {
  const deadline = Date.now() + within;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`It did not come to that within ${within} ms`);
    await sleep(50);
  }
}

/** Neither the database nor the emulator answers any more. */
async function expectGone(env: NodeJS.Dict<string>): Promise<void> {
  for (const name of ["DATABASE_URL", "VERCEL_API_URL"]) {
    const { hostname, port } = new URL(env[name] ?? "");
    await until(() => isFree(hostname, Number(port)));
  }
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.on("connect", () => {
      socket.destroy();
      resolve(false);
    });
    socket.on("error", () => {
      resolve(true);
    });
  });
}

function containersOf(application = ""): Promise<readonly unknown[]> {
  const engine = new Docker({ socketPath: docker.socketPath });
  return engine.listContainers({ all: true, filters: { label: [`fairlead.application=${application}`] } });
}
