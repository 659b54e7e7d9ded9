import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createVercelEmulator, type VercelEmulator } from "./vercel-emulator.js";

let emulator: VercelEmulator;

beforeEach(async () => {
  emulator = await createVercelEmulator({
    clock: "manual",
    projects: [{ name: "shop", domains: ["shop.example", "www.shop.example"] }],
    settings: { queue: "1s", build: "10s", assign: "1s", move: "4s" },
  }).listen();
});

afterEach(() => emulator.stop());

type Document = Record<string, never> & { readonly id: string; readonly readyState: string };

async function api(method: string, path: string, body?: unknown): Promise<{ status: number; type: string | null; body: never }> {
  const response = await fetch(emulator.url + path, {
    method,
    headers: { authorization: `Bearer ${emulator.token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, type: response.headers.get("content-type"), body: (text === "" ? null : JSON.parse(text)) as never };
}

async function create(text: string, more: object = {}): Promise<string> {
  const body = { name: "shop", project: "shop", target: "production", files: [{ file: "index.html", data: text }], ...more };
  return ((await api("POST", "/v13/deployments", body)).body as Document).id;
}

async function read(id: string): Promise<Document> {
  return (await api("GET", `/v13/deployments/${id}`)).body;
}

/** A deployment that serves production. */
async function release(text: string, more: object = {}): Promise<string> {
  const id = await create(text, more);
  await emulator.advance("12s");
  return id;
}

async function project(): Promise<Record<string, never>> {
  return (await api("GET", "/v9/projects/shop?rollbackInfo=true")).body;
}

const body = async (host = "shop.example"): Promise<string> => (await emulator.fetch(`https://${host}/`)).text();

describe("a build", () => {
  it("goes from QUEUED over BUILDING to READY and serves production by its own clock", async () => {
    const id = await create("one");
    expect((await read(id)).readyState).toBe("QUEUED");
    await emulator.advance("1s");
    expect((await read(id)).readyState).toBe("BUILDING");
    await emulator.advance("10s");
    expect(await read(id)).toMatchObject({ readyState: "READY", readySubstate: "STAGED", aliasAssigned: false });
    expect((await emulator.fetch("https://shop.example/")).status).toBe(404);
    await emulator.advance("1s");
    expect(await read(id)).toMatchObject({
      readySubstate: "PROMOTED",
      aliasAssigned: true,
      alias: ["shop.vercel.app", "shop.example", "www.shop.example"],
    });
    expect(await body("www.shop.example")).toBe("one");
    const { effects } = await emulator.ledger();
    const times = Object.fromEntries(effects.map(({ kind, at }) => [kind, at]));
    expect((times["production.moved"] ?? 0) - (times["deployment.created"] ?? 0)).toBe(12_000);
  });

  it.each(["ERROR", "CANCELED", "BLOCKED"] as const)("can end %s and then serves nobody", async (buildOutcome) => {
    await emulator.configure({ buildOutcome });
    const id = await release("broken");
    expect((await read(id)).readyState).toBe(buildOutcome);
    expect((await emulator.fetch("https://shop.example/")).status).toBe(404);
    expect((await api("POST", `/v10/projects/shop/promote/${id}`)).status).toBe(422);
  });

  it("can be canceled while it lasts", async () => {
    const id = await create("one");
    expect((await api("PATCH", `/v12/deployments/${id}/cancel`)).body).toMatchObject({ readyState: "CANCELED" });
    await emulator.advance("1m");
    expect((await read(id)).readyState).toBe("CANCELED");
    expect((await api("PATCH", `/v12/deployments/${id}/cancel`)).status).toBe(400);
  });

  it.each([
    [{ aliasing: "never" }, { readyState: "READY", aliasAssigned: false, aliasError: null }],
    [{ aliasing: "failed" }, { readyState: "READY", aliasAssigned: false, aliasError: { code: "alias_failed" } }],
    [{ checks: "failed" }, { readyState: "READY", aliasAssigned: false, checksState: "completed", checksConclusion: "failed" }],
  ] as const)("can be READY and never get its aliases: %o", async (settings, expected) => {
    await emulator.configure(settings);
    const id = await release("one");
    await emulator.advance("1h");
    expect(await read(id)).toMatchObject(expected);
  });

  it("does not take production from a newer one that was faster", async () => {
    const slow = await create("slow");
    await emulator.configure({ build: "0ms" });
    await emulator.advance("1s");
    const fast = await create("fast");
    await emulator.advance("1m");
    expect([(await read(slow)).readyState, (await read(fast)).readyState]).toEqual(["READY", "READY"]);
    expect(await body()).toBe("fast");
  });

  it("tells its events as lines, to the end", async () => {
    const id = await create("one");
    const lines = fetch(`${emulator.url}/v3/now/deployments/${id}/events?follow=1&format=lines`, {
      headers: { authorization: `Bearer ${emulator.token}` },
    }).then((response) => response.text());
    await emulator.advance("1s");
    await emulator.advance("20s");
    const events = (await lines)
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string; deploymentId: string });
    expect(events.at(-1)).toMatchObject({ type: "alias-assigned", deploymentId: id });
    expect(events.filter(({ type }) => type === "stdout").length).toBeGreaterThan(1);
  });
});

describe("promotion", () => {
  it("moves every domain of a staged deployment when its time has come", async () => {
    const first = await release("one");
    const staged = await release("two", { autoAssignCustomDomains: false });
    expect(await body()).toBe("one");
    const accepted = await api("POST", `/v10/projects/shop/promote/${staged}`, {});
    expect(accepted).toEqual({ status: 201, type: null, body: null });
    expect(await project()).toMatchObject({
      lastAliasRequest: { fromDeploymentId: first, toDeploymentId: staged, jobStatus: "pending", type: "promote" },
    });
    await emulator.advance("3s");
    expect(await project()).toMatchObject({ lastAliasRequest: { jobStatus: "in-progress" } });
    expect(await body()).toBe("one");
    await emulator.advance("1s");
    expect(await project()).toMatchObject({ lastAliasRequest: { jobStatus: "succeeded" }, targets: { production: { id: staged } } });
    expect([await body(), await body("www.shop.example"), await body("shop.vercel.app")]).toEqual(["two", "two", "two"]);
    expect((await api("GET", "/v4/aliases/shop.example")).body).toMatchObject({ deploymentId: staged });
  });

  it("is refused for what serves already, for a preview, for a stranger and while another one runs", async () => {
    const first = await release("one");
    const preview = await release("preview", { target: undefined });
    const staged = await release("two", { autoAssignCustomDomains: false });
    const current = await api("POST", `/v10/projects/shop/promote/${first}`);
    expect(current).toMatchObject({
      status: 409,
      body: { error: { message: `The provided deploymentId (${first}) is already the current production deployment.` } },
    });
    expect((await api("POST", `/v10/projects/shop/promote/${preview}`)).status).toBe(422);
    expect((await api("POST", "/v10/projects/shop/promote/dpl_none")).status).toBe(404);
    await api("POST", `/v10/projects/shop/promote/${staged}`);
    expect((await api("POST", `/v10/projects/shop/promote/${staged}`)).status).toBe(409);
    expect((await emulator.ledger()).effects.filter(({ kind }) => kind === "promotion.requested")).toHaveLength(1);
  });

  it("can fail with some domains moved, be skipped, or succeed unreported", async () => {
    const first = await release("one");
    const staged = await release("two", { autoAssignCustomDomains: false });
    await emulator.configure({ moveOutcome: "failed", movedDomains: "first" });
    await api("POST", `/v10/projects/shop/promote/${staged}`);
    await emulator.advance("4s");
    expect(await project()).toMatchObject({ lastAliasRequest: { jobStatus: "failed" }, targets: { production: { id: first } } });
    expect([await body("shop.vercel.app"), await body()]).toEqual(["two", "one"]);
    expect((await api("GET", "/v9/projects/shop/promote/aliases?failedOnly=true")).body).toMatchObject({
      aliases: [{ alias: { alias: "shop.example", deploymentId: first } }, {}],
    });

    await emulator.configure({ moveOutcome: "skipped", movedDomains: "as-outcome" });
    await api("POST", `/v10/projects/shop/promote/${staged}`);
    await emulator.advance("4s");
    expect(await project()).toMatchObject({ lastAliasRequest: { jobStatus: "skipped" } });
    expect(await body()).toBe("one");

    await emulator.configure({ moveOutcome: "succeeded", reportAliasRequest: false });
    await api("POST", `/v10/projects/shop/promote/${staged}`);
    await emulator.advance("4s");
    expect(await project()).toMatchObject({ lastAliasRequest: null, targets: { production: { id: staged } } });
  });
});

describe("rollback", () => {
  it("goes back, pins the project until the next promotion, and knows its candidates", async () => {
    const first = await release("one");
    const second = await release("two");
    const candidates = (await api("GET", "/v6/deployments?projectId=shop&rollbackCandidate=true")).body as {
      deployments: { uid: string }[];
    };
    expect(candidates.deployments.map(({ uid }) => uid)).toEqual([first]);
    expect((await api("POST", `/v1/projects/shop/rollback/${first}?description=broken`)).status).toBe(201);
    await emulator.advance("4s");
    expect(await body()).toBe("one");
    expect(await project()).toMatchObject({
      autoAssignCustomDomains: false,
      lastAliasRequest: { type: "rollback", jobStatus: "succeeded" },
    });

    const third = await release("three");
    expect(await read(third)).toMatchObject({ readyState: "READY", readySubstate: "STAGED" });
    expect(await body()).toBe("one");
    await api("POST", `/v10/projects/shop/promote/${second}`);
    await emulator.advance("4s");
    expect(await project()).toMatchObject({ autoAssignCustomDomains: true });
    const fourth = await release("four");
    expect((await emulator.state()).projects[0]).toMatchObject({ productionDeploymentId: fourth, domains: { "shop.example": fourth } });
  });

  it("is refused for what never served, and beyond the previous one on the Hobby plan", async () => {
    const first = await release("one");
    const second = await release("two");
    await release("three");
    const staged = await release("staged", { autoAssignCustomDomains: false });
    expect((await api("POST", `/v9/projects/shop/rollback/${staged}`)).status).toBe(422);
    await emulator.configure({ plan: "hobby" });
    expect((await api("POST", `/v9/projects/shop/rollback/${first}`)).status).toBe(402);
    expect((await api("POST", `/v9/projects/shop/rollback/${second}`)).status).toBe(201);
  });
});

describe("creation", () => {
  it("asks for missing files and refuses wrong ones, too many and none", async () => {
    const sha = "a".repeat(40);
    const ask = (files: unknown): Promise<{ status: number; body: never }> => api("POST", "/v13/deployments", { name: "shop", files });
    expect(await ask([{ file: "index.html", sha, size: 1, mode: 33_188 }])).toMatchObject({
      status: 400,
      body: { error: { code: "missing_files", missing: [sha] } },
    });
    expect(await ask([])).toMatchObject({ status: 400, body: { error: { code: "no_files" } } });
    const many = Array.from({ length: 15_001 }, (_, index) => ({ file: `${String(index)}.txt`, sha }));
    expect(await ask(many)).toMatchObject({ status: 400, body: { error: { message: expect.stringContaining("15000") as string } } });
    const wrong = await fetch(`${emulator.url}/v2/files`, {
      method: "POST",
      headers: { authorization: `Bearer ${emulator.token}`, "x-now-digest": sha },
      body: "not that",
    });
    expect(wrong.status).toBe(400);
    expect((await emulator.ledger()).effects).toEqual([]);
  });

  it("knows no version of the API that Vercel does not have, and no stranger's team", async () => {
    expect((await api("POST", "/v3/projects/shop/rollback/dpl_1")).status).toBe(404);
    expect((await api("GET", "/v9/projects/shop?teamId=team_stranger")).status).toBe(403);
    expect((await api("POST", "/v13/deployments", { name: "unheard", files: [{ file: "a", data: "" }] })).body).toMatchObject({
      error: { code: "missing_project_settings" },
    });
  });

  it("is found again by its meta, its state and its target", async () => {
    const one = await release("one", { meta: { fairleadKey: "k1" } });
    await release("two", { meta: { fairleadKey: "k2" }, target: undefined });
    const find = async (query: string): Promise<string[]> =>
      ((await api("GET", `/v6/deployments?projectId=shop&${query}`)).body as { deployments: { uid: string }[] }).deployments.map(
        ({ uid }) => uid,
      );
    expect(await find("meta-fairleadKey=k1")).toEqual([one]);
    expect(await find("target=production")).toEqual([one]);
    expect(await find("state=BUILDING")).toEqual([]);
    expect(await find("limit=1")).toHaveLength(1);
  });
});
