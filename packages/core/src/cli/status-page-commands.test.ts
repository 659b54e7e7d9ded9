import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFakeDeployer } from "../../test/cli/fake-deployer.js";
import { readJsonLines } from "../../test/cli/json-line-schema.js";
import { startCommand } from "../../test/cli/run-command.js";
import { createTestClock } from "../../test/cli/test-clock.js";
import { createStatus, createStatusDesk } from "../status/index.js";
import { memoryStore } from "../store/memory-store.js";

const clock = createTestClock();
let store = memoryStore({ clock });
let folder = "";

beforeEach(async () => {
  store = memoryStore({ clock });
  folder = mkdtempSync(join(tmpdir(), "fairlead-status-page-"));
  const page = { name: "Shop", url: "https://status.shop.example" };
  const components = [
    { name: "web", title: "Website", checks: [] },
    { name: "post", checks: [] },
  ];
  await createStatus({ application: "shop", environment: "production", store, clock, page, components }).tick();
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Runs a command; its words one by one, because texts have spaces. */
async function run(...argv: readonly string[]) {
  const desk = createStatusDesk({ application: "shop", environment: "production", store, clock, channels: [], redact: (text) => text });
  const deployer = createFakeDeployer({ statusPage: () => Promise.resolve(desk) });
  const { stdout, stderr, ended } = startCommand(deployer, "", { argv, clock });
  return { exitCode: await ended, stdout: stdout.text, stderr: stderr.text };
}

const lineOf = (stdout: string, type: string) => readJsonLines(stdout).find((line) => line.type === type);

test("an incident is opened, shown, updated and resolved", async () => {
  expect((await run("incident", "production")).stdout).toContain("No incident is open in production.");
  const words = ["--title", "Post is late", "--body", "Looking.", "--components", "post=partial_outage,web=degraded_performance"];
  const opened = await run("incident", "production", ...words, "--json");
  const line = lineOf(opened.stdout, "incident");
  expect(line).toMatchObject({ title: "Post is late", components: { post: "partial_outage", web: "degraded_performance" } });
  const { id } = line as unknown as { readonly id: string };
  expect((await run("incident", "production")).stdout).toContain(`Post is late  ${id}`);
  expect((await run("status-page", "production")).stdout).toContain("Minor Service Outage");
  const resolved = await run("incident", "production", "--id", id, "--body", "Mended.", "--state", "resolved", "--json");
  expect(lineOf(resolved.stdout, "incident")).toMatchObject({ id, status: "resolved" });
  expect((await run("status-page", "production")).stdout).toContain("All Systems Operational");
});

test("a maintenance is announced, changed and called off", async () => {
  const words = ["--title", "Move", "--body", "We move.", "--from", "2100-01-01T00:00:00Z", "--until", "2100-01-01T01:00:00Z"];
  const announced = await run("maintenance", "production", ...words, "--components", "web, post", "--json");
  const line = lineOf(announced.stdout, "maintenance");
  expect(line).toMatchObject({ title: "Move", components: ["web", "post"] });
  const { id } = line as unknown as { readonly id: string };
  await run("maintenance", "production", "--id", id, "--body", "Longer.", "--until", "2100-01-01T02:00:00Z");
  expect((await run("maintenance", "production")).stdout).toContain("2100-01-01T02:00:00.000Z");
  expect((await run("maintenance", "production", "--id", id, "--cancel")).exitCode).toBe(0);
  expect((await run("maintenance", "production")).stdout).toContain("No maintenance is announced in production.");
});

test("the page is written with all that belongs to it, each file whole", async () => {
  const { exitCode, stdout } = await run("status-page", "production", "--export", folder, "--json");
  expect(exitCode).toBe(0);
  expect(lineOf(stdout, "page")).toMatchObject({ status: "operational", files: 12, folder });
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  expect(files).toEqual(expect.arrayContaining(["index.html", "history.rss", "api/v2/summary.json", "api/v2/incidents/unresolved.json"]));
  expect(files.filter((file) => file.endsWith(".unfinished"))).toEqual([]);
  expect(readFileSync(join(folder, "index.html"), "utf8")).toContain("All Systems Operational");
});

test.each([
  [["incident", "production", "--title", "x"], 64, "--body"],
  [["incident", "production", "--body", "x"], 64, "--title"],
  [["incident", "production", "--title", "x", "--body", "y", "--state", "resolved"], 64, "not over"],
  [["incident", "production", "--title", "x", "--body", "y", "--components", "web"], 64, "web=major_outage"],
  [["incident", "production", "--title", "x", "--body", "y", "--components", "web=down"], 1, "components.web"],
  [["incident", "production", "--title", "x", "--body", "y", "--components", "api=major_outage"], 1, 'no component "api"'],
  [["incident", "production", "--id", "none", "--body", "y"], 1, 'no incident "none"'],
  [["maintenance", "production", "--title", "x", "--body", "y"], 64, "--from"],
  [["maintenance", "production", "--title", "x", "--body", "y", "--from", "soon", "--until", "later"], 1, "ISO 8601"],
  [["maintenance", "production", "--id", "none", "--cancel"], 1, 'no maintenance "none"'],
] as const)("%j is refused, and nothing is recorded", async (argv, least, words) => {
  const before = await store.read("status/shop/production");
  const { exitCode, stderr } = await run(...argv);
  expect(exitCode).toBeGreaterThanOrEqual(least);
  expect(stderr).toContain(words);
  expect(await store.read("status/shop/production")).toEqual(before);
});

test("a folder that cannot be written, and an environment without a page", async () => {
  writeFileSync(join(folder, "file"), "");
  const denied = await run("status-page", "production", "--export", join(folder, "file"));
  expect([denied.exitCode, denied.stderr]).toEqual([64, expect.stringContaining("cannot be written")]);
  store = memoryStore({ clock });
  expect((await run("status-page", "production")).stderr).toContain("There is no status page of production.");
});

test("`export --out` is another way to say it, where there is one environment", async () => {
  const { exitCode, stdout } = await run("status-page", "export", "--out", folder, "--json");
  expect(exitCode).toBe(0);
  expect(lineOf(stdout, "page")).toMatchObject({ environment: "production", folder });
  expect(readdirSync(folder)).toContain("index.html");
});
