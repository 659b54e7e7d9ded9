import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createDeployment } from "@vercel/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createVercelEmulator, type VercelEmulator } from "./vercel-emulator.js";

let emulator: VercelEmulator;
let folder: string;

beforeEach(async () => {
  emulator = await createVercelEmulator({ projects: [{ name: "shop", domains: ["shop.example"] }], settings: { build: "0ms" } }).listen();
  folder = await mkdtemp(join(tmpdir(), "vercel-client-"));
});

afterEach(async () => {
  await emulator.stop();
  await rm(folder, { recursive: true, force: true });
});

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** Everything that the unmodified client says while it deploys. */
async function deploy(
  options: Parameters<typeof createDeployment>[1],
  token = emulator.token,
): Promise<{ types: string[]; last: { type: string; payload: { id: string; url: string; code?: string; readySubstate?: string } } }> {
  const events = [];
  for await (const event of createDeployment({ token, path: folder, apiUrl: emulator.url, teamId: emulator.teamId }, options))
    events.push(event);
  return { types: events.map(({ type }) => type), last: events.at(-1) as never };
}

describe("the unmodified @vercel/client", () => {
  it("uploads what is missing, creates and sees its aliases assigned", async () => {
    await write({ "index.html": "<h1>one</h1>", "assets/app.js": "console.log(1)", "assets/copy.js": "console.log(1)" });
    const { types, last } = await deploy({ name: "shop", target: "production", projectSettings: {}, meta: { fairleadRelease: "r1" } });
    expect(types).toEqual(
      expect.arrayContaining([
        "hashes-calculated",
        "file-count",
        "file-uploaded",
        "all-files-uploaded",
        "created",
        "ready",
        "alias-assigned",
      ]),
    );

    const { requests, effects } = await emulator.ledger();
    expect(requests.map(({ operation, status }) => [operation, status])).toEqual([
      ["deployment.create", 400],
      ["file.upload", 200],
      ["file.upload", 200],
      ["deployment.create", 200],
    ]);
    expect(effects.map(({ kind }) => kind)).toEqual([
      "file.uploaded",
      "file.uploaded",
      "deployment.created",
      "deployment.ready",
      "production.moved",
    ]);
    expect(await (await emulator.fetch("https://shop.example/")).text()).toBe("<h1>one</h1>");
    expect(await (await emulator.fetch(`https://${last.payload.url}/assets/app.js`)).text()).toBe("console.log(1)");
    expect((await emulator.state()).deployments[0]?.meta).toEqual({ fairleadRelease: "r1" });
  });

  it("sends small static sites inline and uploads no file twice", async () => {
    await write({ "index.html": "<h1>inline</h1>" });
    await deploy({ name: "shop", projectSettings: {} });
    expect((await emulator.ledger()).requests.map(({ operation }) => operation)).toEqual(["deployment.create"]);

    await write({ "app.js": "1" });
    await deploy({ name: "shop", projectSettings: {} });
    const uploads = (await emulator.ledger()).requests.filter(({ operation }) => operation === "file.upload");
    expect(uploads).toHaveLength(1);
  });

  it("stages a production deployment without its domains", async () => {
    await write({ "index.html": "staged" });
    const { last } = await deploy({ name: "shop", target: "production", autoAssignCustomDomains: false, projectSettings: {} });
    expect(last).toMatchObject({ type: "alias-assigned", payload: { readySubstate: "STAGED" } });
    expect((await emulator.fetch("https://shop.example/")).status).toBe(404);
    expect(await (await emulator.fetch(`https://${last.payload.url}/`)).text()).toBe("staged");
  });

  it("is told of a failed build, a wrong token, an unknown team and an empty upload", async () => {
    await write({ "index.html": "broken" });
    await emulator.configure({ buildOutcome: "ERROR" });
    expect((await deploy({ name: "shop", projectSettings: {} })).last).toMatchObject({
      type: "error",
      payload: { errorCode: "BUILD_FAILED" },
    });
    expect((await deploy({ name: "shop", projectSettings: {} }, "wrong")).last).toMatchObject({
      type: "error",
      payload: { code: "forbidden", status: 403 },
    });
    expect((await emulator.ledger()).requests.at(-1)).toMatchObject({ authorized: false });
  });

  it("dies of one dropped upload, as it does in real life", async () => {
    await write({ "index.html": "<h1>one</h1>", "app.js": "1" });
    await emulator.fault({ kind: "status", status: 500, match: { operation: "file.upload" } });
    expect((await deploy({ name: "shop", projectSettings: {} })).last).toMatchObject({
      type: "error",
      payload: { code: "internal_server_error" },
    });
    expect((await emulator.ledger()).effects.filter(({ kind }) => kind === "deployment.created")).toEqual([]);
  });

  it("creates twice when it repeats a creation whose answer was lost", async () => {
    await write({ "index.html": "twice" });
    await emulator.fault({ kind: "lost-response", match: { operation: "deployment.create" } });
    expect((await deploy({ name: "shop", projectSettings: {} })).last.type).toBe("error");
    await deploy({ name: "shop", projectSettings: {} });
    expect((await emulator.ledger()).effects.filter(({ kind }) => kind === "deployment.created")).toHaveLength(2);
  });
});
