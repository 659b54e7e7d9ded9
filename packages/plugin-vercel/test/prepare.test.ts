import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemClock, type Clock } from "@fairlead/core";
import { expect, test } from "vitest";
import { createCall, plainCall } from "./support/calls.js";
import { startVercel } from "./support/emulated.js";
import { component, createSite, toInput } from "./support/site.js";

const files = { "index.html": "hello", "assets/app.js": "run()", "health.json": '{"status":"healthy"}' };

/** What was sent to create deployments, the last time. */
async function createdFrom(emulator: Awaited<ReturnType<typeof startVercel>>["emulator"]): Promise<Record<string, unknown>> {
  const { requests } = await emulator.ledger();
  const last = requests.findLast(({ operation }) => operation === "deployment.create");
  const body: Record<string, unknown> = JSON.parse(last?.body.text ?? "{}");
  return body;
}

test("a production deployment is told what it is and gets no domain", async () => {
  await using vercel = await startVercel();
  const { target } = await vercel.createPlugin();
  const input = toInput(await createSite(files), { variables: { SHOP_CURRENCY: "EUR" } });

  const candidate = await target.prepare(input, createCall({ deploymentId: "dep_7" }));

  const { deployments, projects } = await vercel.emulator.state();
  expect(deployments).toMatchObject([
    {
      id: candidate.id,
      target: "production",
      readyState: "READY",
      readySubstate: "STAGED",
      files: Object.keys(files).sort(),
      meta: {
        fairleadKey: input.key,
        fairleadRelease: input.release.id,
        fairleadApplication: "shop",
        fairleadEnvironment: "production",
        fairleadComponent: "web",
        fairleadDeployment: "dep_7",
      },
    },
  ]);
  const variables = { SHOP_CURRENCY: "EUR", FAIRLEAD_RELEASE: input.release.id, FAIRLEAD_ENVIRONMENT: "production" };
  expect(await createdFrom(vercel.emulator)).toMatchObject({ env: variables, build: { env: variables }, autoAssignCustomDomains: false });
  expect(candidate.url).toBe(`https://${deployments[0]?.url ?? ""}`);
  expect(await (await vercel.emulator.fetch(candidate.url!)).text()).toBe("hello");
  expect(projects[0]).toMatchObject({ productionDeploymentId: null, domains: { "shop.example": null } });
});

test("the files that it says it takes are those that it sends", async () => {
  await using vercel = await startVercel();
  const { target } = await vercel.createPlugin();
  const artifact = await createSite({ ...files, ".vercelignore": "notes.txt", "notes.txt": "mine", "node_modules/lib/index.js": "1" });
  if (artifact.kind !== "directory" || artifact.path === undefined) throw new Error("a site is a folder");

  const named = await target.files?.({ ...component, folder: artifact.path }, plainCall);
  await target.prepare(toInput(artifact), createCall());

  const [deployment] = (await vercel.emulator.state()).deployments;
  expect(named).toEqual([".vercelignore", ...Object.keys(files)].sort());
  expect(deployment?.files).toEqual(named);
});

test("environments go where the options say, and production alone by default to production", async () => {
  await using vercel = await startVercel();
  const environments = { live: "production", staging: { custom: "env_staging" } } as const;
  const artifact = await createSite(files);
  const sent = async (environment: string): Promise<unknown[]> => {
    const { target } = await vercel.createPlugin({ environments }, { environment });
    await target.prepare(toInput(artifact, { environment }), createCall({ environment }));
    const { target: kind, customEnvironmentSlugOrId: custom, autoAssignCustomDomains: assigns } = await createdFrom(vercel.emulator);
    return [kind, custom, assigns];
  };
  expect(await sent("production")).toEqual(["production", undefined, false]);
  expect(await sent("live")).toEqual(["production", undefined, false]);
  expect(await sent("staging")).toEqual([undefined, "env_staging", undefined]);
  expect(await sent("preview/pr-12")).toEqual([undefined, undefined, undefined]);
});

test.for([
  ["ERROR", { buildOutcome: "ERROR" }, 'Command "npm run build" exited with 1'],
  ["CANCELED", { buildOutcome: "CANCELED" }, "it was canceled"],
  ["BLOCKED", { buildOutcome: "BLOCKED" }, "Vercel blocked it"],
  ["READY", { checks: "failed" }, "a check of an integration failed"],
] as const)("a build that ends %s with %o is refused for good, by whoever asks", async ([state, settings, problem]) => {
  await using vercel = await startVercel(settings);
  const { target } = await vercel.createPlugin();
  const input = toInput(await createSite(files));
  const refused = { code: "VERCEL_BUILD_FAILED", retryable: false, data: { state, problem } };

  await expect(target.prepare(input, createCall())).rejects.toMatchObject(refused);
  await expect(target.prepare(input, createCall())).rejects.toMatchObject(refused);

  expect(await target.observe({ ...component, key: input.key }, plainCall)).toMatchObject({ status: "failed", reason: problem });
  expect((await vercel.emulator.state()).deployments).toHaveLength(1);
});

test("a deployment whose domains are never assigned is ready all the same: it is not to have any", async () => {
  await using vercel = await startVercel({ aliasing: "never", checks: "succeeded" });
  const { target } = await vercel.createPlugin();
  const input = toInput(await createSite(files));
  const candidate = await target.prepare(input, createCall());
  expect(await target.observe({ ...component, key: input.key }, plainCall)).toEqual({ status: "applied", candidate });
});

test("while it is built it is observed, and an abort leaves it to whoever comes next without another request", async () => {
  await using vercel = await startVercel({ build: "1h" });
  const { target } = await vercel.createPlugin();
  const input = toInput(await createSite(files));
  const process = new AbortController();
  const cut = target.prepare(input, createCall({ signal: process.signal })).catch((error: unknown) => error);
  await expect.poll(async () => (await target.observe({ ...component, key: input.key }, plainCall)).status).toBe("in-progress");

  process.abort(new Error("stopped"));
  expect(await cut).toMatchObject({ message: "stopped" });
  const before = (await vercel.emulator.ledger()).requests.length;
  await vercel.emulator.advance("1h");
  const candidate = await (await vercel.createPlugin()).target.prepare(input, createCall());

  expect((await vercel.emulator.state()).deployments).toMatchObject([{ id: candidate.id }]);
  const after = (await vercel.emulator.ledger()).requests.slice(before).map(({ operation }) => operation);
  expect(after).toEqual(["project.read", "deployment.list", "deployment.read"]);
});

test("a deployment that the API does not know yet, just after it was created, is waited for", async () => {
  await using vercel = await startVercel({ build: "100ms" });
  const { target } = await vercel.createPlugin();
  await vercel.emulator.fault({ kind: "status", status: 404, match: { operation: "deployment.read" } });
  await target.prepare(toInput(await createSite(files)), createCall());
  expect((await vercel.emulator.faults())[0]?.struck).toBe(1);
});

test("a list that lags behind a lost answer does not lead to a second deployment", async () => {
  await using vercel = await startVercel();
  // As if the list showed nothing for a second and a half.
  let blindUntil = Number.POSITIVE_INFINITY;
  const blind: typeof fetch = async (input, init) => {
    const response = await vercel.emulator.fetch(input, init);
    const url = input instanceof Request ? input.url : String(input);
    if (!url.includes("/v6/deployments") || performance.now() > blindUntil) return response;
    return Response.json({ deployments: [], pagination: { count: 0, next: null, prev: null } });
  };
  const { target } = await vercel.createPlugin({ fetch: blind });
  await vercel.emulator.fault({ kind: "lost-response", nth: 2, match: { operation: "deployment.create" } });
  const preparing = target.prepare(toInput(await createSite(files)), createCall());
  await expect.poll(async () => (await vercel.emulator.state()).deployments.length).toBe(1);
  blindUntil = performance.now() + 1_500 / 20;
  const candidate = await preparing;
  expect((await vercel.emulator.state()).deployments).toMatchObject([{ id: candidate.id }]);
});

test("what was uploaded before is not uploaded again", async () => {
  await using vercel = await startVercel();
  const { target } = await vercel.createPlugin();
  await target.prepare(toInput(await createSite(files)), createCall());
  await target.prepare(toInput(await createSite({ ...files, "index.html": "changed" })), createCall());
  const { effects } = await vercel.emulator.ledger();
  expect(effects.filter(({ kind }) => kind === "file.uploaded")).toHaveLength(4);
});

test("the API decides how long it is left alone", async () => {
  await using vercel = await startVercel();
  const sleeps: number[] = [];
  const clock: Clock = {
    now: () => systemClock.now(),
    sleep: (milliseconds, options) => {
      sleeps.push(milliseconds);
      // What has a background or a signal of its own are limits of requests, which are not to be reached here.
      return milliseconds >= 4_000 ? systemClock.sleep(milliseconds, options) : systemClock.sleep(1, options);
    },
  };
  const { target } = await vercel.createPlugin({}, { clock });
  await vercel.emulator.fault({ kind: "status", status: 429, retryAfter: 3, match: { operation: "file.upload" } });
  await vercel.emulator.fault({ kind: "status", status: 503, retryAfter: 2, match: { operation: "deployment.create" } });
  await target.prepare(toInput(await createSite(files)), createCall());
  expect(sleeps).toEqual(expect.arrayContaining([3_000, 2_000]));
});

test("the files are those that Vercel's own tools would take", async () => {
  await using vercel = await startVercel();
  const { target } = await vercel.createPlugin();
  const artifact = await createSite({
    ...files,
    ".vercelignore": "drafts\n",
    "drafts/secret-plan.html": "no",
    "node_modules/left-pad/index.js": "no",
    ".env.local": "NO=1",
    ".git/config": "no",
    "ü b/ç.txt": "yes",
  });
  const path = artifact.kind === "directory" ? artifact.path! : "";
  await symlink("index.html", join(path, "start.html"));
  await mkdir(join(path, "empty"));

  await target.prepare(toInput(artifact), createCall());

  const { deployments } = await vercel.emulator.state();
  expect(deployments[0]?.files).toEqual([".vercelignore", ...Object.keys(files), "start.html", "ü b/ç.txt"].sort());
});

test("only the output of a build is deployed where it is prebuilt", async () => {
  await using vercel = await startVercel();
  const { target } = await vercel.createPlugin({ prebuilt: true });
  const artifact = await createSite({
    "index.html": "source",
    ".vercel/output/config.json": '{"version":3}',
    ".vercel/output/static/index.html": "built",
  });
  const { url } = await target.prepare(toInput(artifact), createCall());
  const { requests } = await vercel.emulator.ledger();
  expect(requests.find(({ operation }) => operation === "deployment.create")?.query).toMatchObject({ prebuilt: "1" });
  expect(await (await vercel.emulator.fetch(url!)).text()).toBe("built");
});

test("files that look like secrets are refused by name unless they are listed, and nothing is sent", async () => {
  await using vercel = await startVercel();
  const artifact = await createSite({ ...files, ".env.production": "KEY=1", ".npmrc": "token", "certs/server.key": "key" });
  const { target } = await vercel.createPlugin({ secretFiles: [".npmrc"] });
  await expect(target.prepare(toInput(artifact), createCall())).rejects.toMatchObject({
    code: "VERCEL_FILES_SECRET",
    retryable: false,
    data: { files: [".env.production", "certs/server.key"] },
  });
  expect((await vercel.emulator.ledger()).effects).toEqual([]);
});

test("what is no folder, or an empty one, is refused", async () => {
  await using vercel = await startVercel();
  const { target } = await vercel.createPlugin();
  const image = { kind: "image", digest: "sha256:0", reference: "shop:1" } as const;
  await expect(target.prepare(toInput(image), createCall())).rejects.toMatchObject({ code: "VERCEL_ARTIFACT_UNSUPPORTED" });
  const elsewhere = { kind: "directory", digest: "sha256:0", files: 1 } as const;
  await expect(target.prepare(toInput(elsewhere), createCall())).rejects.toMatchObject({ code: "VERCEL_ARTIFACT_UNSUPPORTED" });
  await expect(target.prepare(toInput(await createSite({})), createCall())).rejects.toMatchObject({ code: "VERCEL_FILES_NONE" });
});

test("a file that changes while it is deployed is never deployed as what it was", async () => {
  await using vercel = await startVercel();
  const { target } = await vercel.createPlugin();
  const artifact = await createSite(files);
  await vercel.emulator.fault({ kind: "hold-before", match: { operation: "deployment.create" } });
  const preparing = target.prepare(toInput(artifact), createCall()).catch((error: unknown) => error);
  await vercel.emulator.held();
  await writeFile(join(artifact.kind === "directory" ? artifact.path! : "", "index.html"), "other");
  await vercel.emulator.release();
  expect(await preparing).toMatchObject({ code: "VERCEL_REFUSED", retryable: false });
  expect((await vercel.emulator.state()).deployments).toEqual([]);
});

test.for(["project.read", "deployment.list", "deployment.create", "file.upload"])(
  "a fault at %s that does not pass is said, and leaves nothing behind",
  async (operation) => {
    await using vercel = await startVercel();
    const { target } = await vercel.createPlugin();
    await vercel.emulator.fault({ kind: "status", status: 500, every: true, match: { operation } });
    await expect(target.prepare(toInput(await createSite(files)), createCall())).rejects.toMatchObject({
      code: "VERCEL_BUSY",
      retryable: true,
    });
    expect((await vercel.emulator.state()).deployments).toEqual([]);
  },
);

test("the limit of uploads of the account is explained and not tried again", async () => {
  await using vercel = await startVercel();
  const { target } = await vercel.createPlugin();
  const body = { error: { code: "api-upload-free", message: "Too many requests - try again in 24 hours" } };
  await vercel.emulator.fault({ kind: "status", status: 429, body, every: true, match: { operation: "file.upload" } });
  await expect(target.prepare(toInput(await createSite(files)), createCall())).rejects.toMatchObject({
    code: "VERCEL_UPLOAD_LIMIT",
    retryable: false,
    message: expect.stringContaining("24 hours"),
  });
});
