import { execFile, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import {
  connectVercelEmulator,
  createEmulatorFetch,
  startMessageSink,
  startSmtpInbox,
  startVercelEmulator,
  type VercelEmulator,
} from "@fairlead/testing/emulators";
import { describe, expect, it } from "vitest";

const nodeFlags = ["--conditions=@fairlead/source", `--import=${new URL("../src/emulators/run-from-source.mjs", import.meta.url).href}`];
const deployScript = fileURLToPath(new URL("./deploy-once.mjs", import.meta.url));

async function isGone(url: string): Promise<boolean> {
  return fetch(`${url}/__emulator/state`).then(
    () => false,
    () => true,
  );
}

/** Lets another process create a deployment and promote it; resolves with how it ended. */
function deployElsewhere(emulator: VercelEmulator): Promise<string> {
  return promisify(execFile)(process.execPath, [deployScript, emulator.url, emulator.token]).then(
    () => "done",
    (error: unknown) => (error instanceof Error && "stderr" in error ? String(error.stderr).trim() : String(error)),
  );
}

describe("an emulator in its own process", () => {
  it("starts, answers, can be joined from its URL, and stops", async () => {
    const emulator = await startVercelEmulator({ projects: [{ name: "shop" }] });
    expect((await connectVercelEmulator(emulator.url).state()).projects).toMatchObject([{ name: "shop" }]);
    expect((await createEmulatorFetch(emulator.url)("https://shop.vercel.app/")).headers.get("server")).toBe("Vercel");
    await emulator.stop();
    await emulator.stop();
    expect(await isGone(emulator.url)).toBe(true);
    await expect(emulator.ledger()).rejects.toMatchObject({ code: "EMULATOR_UNREACHABLE" });
  });

  it("starts for messages and mail as well", async () => {
    await using sink = await startMessageSink({ slackToken: "token" });
    await using inbox = await startSmtpInbox();
    expect((await fetch(sink.slackUrl, { method: "POST", body: '{"text":"hello"}' })).status).toBe(200);
    expect(inbox.port).toBeGreaterThan(0);
    expect((await inbox.state()).messages).toEqual([]);
  });

  it("says why it does not start", async () => {
    await expect(startVercelEmulator({ settings: { build: "soon" as never } })).rejects.toMatchObject({
      code: "EMULATOR_START_FAILED",
      message: expect.stringContaining("250ms") as string,
    });
    await using first = await startVercelEmulator();
    await expect(startVercelEmulator({ port: Number(new URL(first.url).port) })).rejects.toMatchObject({
      message: expect.stringContaining("EADDRINUSE") as string,
    });
  });

  it("ends with the process that started it, also if that is killed, and does not keep it alive", async () => {
    const starter = `
      const { startVercelEmulator } = await import("@fairlead/testing/emulators");
      const emulator = await startVercelEmulator();
      process.stdout.write(emulator.url);
      if (process.argv[1] === "wait") setInterval(() => {}, 1000);`;
    const options = { cwd: fileURLToPath(new URL("..", import.meta.url)) };
    const finished = await promisify(execFile)(
      process.execPath,
      [...nodeFlags, "--input-type=module", "--eval", starter, "leave"],
      options,
    );
    await expect.poll(() => isGone(finished.stdout)).toBe(true);

    const killed = spawn(process.execPath, [...nodeFlags, "--input-type=module", "--eval", starter, "wait"], options);
    const url = await new Promise<string>((resolve) => killed.stdout.once("data", (data: Buffer) => resolve(data.toString())));
    expect(await isGone(url)).toBe(false);
    killed.kill("SIGKILL");
    await expect.poll(() => isGone(url)).toBe(true);
  });

  it("survives the Ctrl-C that a terminal sends to all", async () => {
    await using emulator = await startVercelEmulator();
    expect(emulator.pid).not.toBe(process.pid);
    process.kill(emulator.pid, "SIGINT");
    expect((await emulator.state()).projects).toEqual([]);
    expect(await isGone(emulator.url)).toBe(false);
  });
});

describe("a run with one fault at each request in turn", () => {
  it("counts the requests of a run without faults and then meets every one of them", async () => {
    await using emulator = await startVercelEmulator({ projects: [{ name: "shop" }], settings: { build: "0ms", move: "0ms" } });
    expect(await deployElsewhere(emulator)).toBe("done");
    const clean = (await emulator.ledger()).requests.map(({ operation }) => operation);
    expect(clean).toEqual(["deployment.create", "deployment.promote", "project.read"]);

    const met: (string | undefined)[] = [];
    for (const k of clean.keys()) {
      await emulator.reset();
      await emulator.fault({ kind: "reset-after", nth: k + 1 });
      expect(await deployElsewhere(emulator)).toContain("fetch failed");
      const { requests } = await emulator.ledger();
      expect(requests).toHaveLength(k + 1);
      met.push(requests.find(({ fault }) => fault === "reset-after")?.operation);
    }
    expect(met).toEqual(clean);
  });

  it("holds a response while the process that waits for it is killed; the act stays done", async () => {
    await using emulator = await startVercelEmulator({ projects: [{ name: "shop" }], settings: { build: "0ms", move: "0ms" } });
    await emulator.fault({ kind: "hold", match: { operation: "deployment.promote" } });
    const deploying = spawn(process.execPath, [deployScript, emulator.url, emulator.token]);
    await emulator.held();
    deploying.kill("SIGKILL");
    await new Promise((resolve) => deploying.once("exit", resolve));
    await emulator.release();
    const { effects } = await emulator.ledger();
    expect(effects.map(({ kind }) => kind)).toEqual(["deployment.created", "deployment.ready", "promotion.requested", "production.moved"]);
  });
});
