import type { Artifact, CandidateSubject, CheckResult } from "@fairlead/core";
import { expect, test } from "vitest";
import type { VercelOptions } from "../src/options.js";
import { createCall, plainCall } from "./support/calls.js";
import { startVercel, type EmulatedVercel } from "./support/emulated.js";
import { component, createSite, toInput } from "./support/site.js";

interface Prepared {
  readonly subject: CandidateSubject;
  /** Asks at the release's own address, or where users ask. */
  readonly ask: (live?: boolean) => Promise<CheckResult>;
  readonly promote: () => Promise<void>;
}

async function prepare(
  vercel: EmulatedVercel,
  health: string | ((release: string) => string),
  options: Partial<VercelOptions> = {},
): Promise<Prepared> {
  const { target, site } = await vercel.createPlugin(options);
  const empty: Artifact = { kind: "directory", digest: "sha256:0", files: 0 };
  const input = toInput(empty);
  const page = typeof health === "string" ? health : health(input.release.id);
  const candidate = await target.prepare(
    { ...input, artifact: await createSite({ "index.html": "hello", "health.json": page }) },
    createCall(),
  );
  const subject: CandidateSubject = { ...component, release: input.release, candidate, live: false };
  return {
    subject,
    ask: async (live = false) => site.run({ ...subject, live }, plainCall),
    promote: () => target.promote({ ...component, candidate }, createCall()),
  };
}

const healthy = '{"status":"healthy"}';

test("a static page that names no release is up at the address of its deployment, and at domains that show it", async () => {
  await using vercel = await startVercel();
  const one = await prepare(vercel, healthy);
  expect(await one.ask()).toEqual({ status: "up" });
  expect(await one.ask(true)).toMatchObject({ status: "down", reason: "http_404" });
  await one.promote();
  expect(await one.ask(true)).toEqual({ status: "up" });

  const two = await prepare(vercel, healthy);
  expect(await two.ask()).toEqual({ status: "up" });
  expect(await two.ask(true)).toMatchObject({
    status: "down",
    reason: "other_release",
    message: expect.stringContaining(two.subject.candidate.id),
  });
});

test("a page that names its release needs no other proof, and one that names another is down", async () => {
  await using vercel = await startVercel();
  const own = await prepare(vercel, (release) => JSON.stringify({ status: "healthy", release }));
  await own.promote();
  const before = (await vercel.emulator.ledger()).requests.length;
  expect(await own.ask()).toEqual({ status: "up" });
  expect(await own.ask(true)).toEqual({ status: "up" });
  const asked = (await vercel.emulator.ledger()).requests.slice(before).map(({ operation }) => operation);
  expect(asked).not.toContain("alias.read");

  const nested = await prepare(vercel, (release) => JSON.stringify({ release: { id: release } }));
  expect(await nested.ask()).toEqual({ status: "up" });
  const other = await prepare(vercel, '{"status":"healthy","release":"rel_other"}');
  expect(await other.ask()).toMatchObject({ status: "down", reason: "other_release", message: expect.stringContaining("rel_other") });
});

test("a release that must be named is", async () => {
  await using vercel = await startVercel();
  const health = { path: "/health.json", release: "required" } as const;
  const unnamed = await prepare(vercel, healthy, { health });
  expect(await unnamed.ask()).toMatchObject({
    status: "down",
    reason: "release_unnamed",
    hint: expect.stringContaining("FAIRLEAD_RELEASE"),
  });
  const named = await prepare(vercel, (release) => JSON.stringify({ release }), { health });
  expect(await named.ask()).toEqual({ status: "up" });
});

test.for([
  ['{"status":"unhealthy"}', "down", "unhealthy"],
  ['{"status":"degraded"}', "degraded", "degraded"],
  ["plain text", "up", undefined],
] as const)("a page that says %s is %s", async ([page, status, reason]) => {
  await using vercel = await startVercel();
  const result = await (await prepare(vercel, page)).ask();
  expect([result.status, result.reason]).toEqual([status, reason]);
});

test("what answers otherwise than with 2xx is down, and says where it leads without the query", async () => {
  await using vercel = await startVercel();
  const missing = await prepare(vercel, healthy, { health: { path: "/nowhere" } });
  expect(await missing.ask()).toMatchObject({ status: "down", reason: "http_404" });
  const leading: typeof fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (!url.includes("/health.json")) return vercel.emulator.fetch(input, init);
    return new Response(null, { status: 307, headers: { location: "https://login.example/start?ticket=abc" } });
  };
  const { ask } = await prepare(vercel, healthy, { fetch: leading });
  const result = await ask();
  expect(result).toMatchObject({ status: "down", reason: "http_307", message: expect.stringContaining("https://login.example/start.") });
  expect(JSON.stringify(result)).not.toContain("ticket");
});

test("no answer is down, within the time that an answer may take", async () => {
  await using vercel = await startVercel();
  const { ask } = await prepare(vercel, healthy, { health: { path: "/health.json", timeout: "2s" } });
  for (const kind of ["hang", "reset-before", "lost-response"] as const) {
    await vercel.emulator.clearFaults();
    await vercel.emulator.fault({ kind, every: true, match: { host: "**" } });
    expect(await ask()).toMatchObject({ status: "down", reason: "unreachable" });
  }
});

test.for(["sso", "password"] as const)(
  "a deployment behind %s is blocked, never healthy, unless the bypass lets Fairlead in",
  async (protection) => {
    await using vercel = await startVercel({ protection, bypassSecret: "let-me-in" });
    const { secret } = await import("@fairlead/core");
    const outside = await prepare(vercel, healthy);
    expect(await outside.ask()).toMatchObject({ status: "down", reason: "blocked", hint: expect.stringContaining("protectionBypass") });
    const inside = await prepare(vercel, healthy, { protectionBypass: secret("VERCEL_BYPASS") });
    expect(await inside.ask()).toEqual({ status: "up" });
    await vercel.emulator.configure({ bypassSecret: "another" });
    expect(await inside.ask()).toMatchObject({ status: "down", reason: "blocked", hint: expect.stringContaining("VERCEL_BYPASS") });
  },
);

test("a project that is there and left alone is ready", async () => {
  await using vercel = await startVercel();
  const { project } = await vercel.createPlugin();
  expect(await project.run(plainCall)).toMatchObject({ status: "up", data: { project: "shop", pinned: false } });
});

test("a token that is wrong, a project or team that is not there are told apart", async () => {
  await using vercel = await startVercel();
  const ask = async (options: Partial<VercelOptions>, values?: Record<string, string>): Promise<CheckResult> =>
    (await vercel.createPlugin(options, values === undefined ? {} : { values })).project.run(plainCall);
  expect(await ask({}, { VERCEL_TOKEN: "stale" })).toMatchObject({
    status: "down",
    reason: "token_rejected",
    message: expect.stringContaining("VERCEL_TOKEN"),
  });
  expect(await ask({ project: "nowhere" })).toMatchObject({
    status: "down",
    reason: "project_missing",
    hint: expect.stringContaining("team"),
  });
  expect(await ask({ team: "team_stranger" })).toMatchObject({
    status: "down",
    reason: "forbidden",
    hint: expect.stringContaining("team"),
  });
  expect(await ask({ team: "team_emulator" })).toMatchObject({ status: "up" });
  expect(await ask({ team: "emulated" })).toMatchObject({ status: "up" });
  expect(await ask({ apiUrl: "http://127.0.0.1:9" })).toMatchObject({ status: "down", reason: "unreachable" });
});

test("a Git integration that assigns production domains is refused with the remedy; others are not", async () => {
  await using vercel = await startVercel();
  const link = { type: "github", org: "acme", repo: "shop", productionBranch: "main" };
  const ask = async (options: Partial<VercelOptions> = {}, environment = "production"): Promise<CheckResult> =>
    (await vercel.createPlugin(options, { environment })).project.run(plainCall);

  await vercel.api("PATCH", "/v9/projects/shop", { link });
  expect(await ask()).toMatchObject({
    status: "down",
    reason: "git_integration",
    message: expect.stringContaining("acme/shop"),
    hint: expect.stringContaining("Disconnect"),
  });
  expect(await ask({ gitIntegration: "ignore" })).toMatchObject({ status: "up" });
  expect(await ask({}, "staging")).toMatchObject({ status: "up" });

  await vercel.api("PATCH", "/v9/projects/shop", { autoAssignCustomDomains: false });
  expect(await ask()).toMatchObject({ status: "up", data: { pinned: true } });
  await vercel.api("PATCH", "/v9/projects/shop", { autoAssignCustomDomains: true, gitProviderOptions: { createDeployments: "disabled" } });
  expect(await ask()).toMatchObject({ status: "up" });
});

test("a domain of production is refused to another environment", async () => {
  await using vercel = await startVercel();
  const ask = async (domain: string): Promise<CheckResult> =>
    (await vercel.createPlugin({ environments: { staging: { domain } } }, { environment: "staging" })).project.run(plainCall);
  expect(await ask("www.shop.example")).toMatchObject({ status: "down", reason: "production_domain" });
  expect(await ask("staging.shop.example")).toMatchObject({ status: "up" });
});

test("a project with rolling releases is refused", async () => {
  await using vercel = await startVercel();
  await vercel.api("PATCH", "/v9/projects/shop", {
    rollingRelease: { target: "production", stages: [{ targetPercentage: 10 }, { targetPercentage: 100 }] },
  });
  const { project } = await vercel.createPlugin();
  expect(await project.run(plainCall)).toMatchObject({ status: "down", reason: "rolling_release" });
});
