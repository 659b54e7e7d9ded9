import type { Candidate } from "@fairlead/core";
import type { VercelSettings } from "@fairlead/testing/emulators";
import { expect, test } from "vitest";
import type { VercelOptions } from "../src/options.js";
import { createCall, plainCall } from "./support/calls.js";
import { startVercel, type EmulatedVercel } from "./support/emulated.js";
import type { RunningPlugin } from "./support/plugin.js";
import { component, createSite, toInput } from "./support/site.js";

interface Shop extends EmulatedVercel {
  readonly plugin: RunningPlugin;
  /** Prepares a version. */
  readonly prepare: (version: number) => Promise<Candidate>;
  readonly promote: (candidate: Candidate, previous?: Candidate) => Promise<void>;
  /** What users of the production domains read. */
  readonly read: () => Promise<string[]>;
}

async function openShop(options: Partial<VercelOptions> = {}, settings: Partial<VercelSettings> = {}): Promise<Shop> {
  const vercel = await startVercel(settings);
  const plugin = await vercel.createPlugin(options);
  return {
    ...vercel,
    plugin,
    async prepare(version) {
      const page = `version ${String(version)}`;
      return plugin.target.prepare(
        toInput(await createSite({ "index.html": page, "health.json": `{"version":${String(version)}}` })),
        createCall(),
      );
    },
    promote: (candidate, previous) =>
      plugin.target.promote({ ...component, candidate, ...(previous === undefined ? {} : { previous }) }, createCall()),
    read: async () =>
      Promise.all(
        ["shop.vercel.app", "shop.example", "www.shop.example"].map(async (host) =>
          (await vercel.emulator.fetch(`https://${host}/`)).text(),
        ),
      ),
  };
}

test("going back is a rollback, after which nothing takes production by itself until the next promotion", async () => {
  await using shop = await openShop();
  const [one, two, three] = [await shop.prepare(1), await shop.prepare(2), await shop.prepare(3)];
  await shop.promote(one);
  await shop.promote(two, one);
  await shop.promote(one, two);
  expect(new Set(await shop.read())).toEqual(new Set(["version 1"]));
  expect((await shop.emulator.state()).projects[0]).toMatchObject({ autoAssignCustomDomains: false, move: { type: "rollback" } });
  expect(await shop.plugin.project.run(plainCall)).toMatchObject({ status: "up", data: { pinned: true } });

  await shop.promote(three, one);

  expect(new Set(await shop.read())).toEqual(new Set(["version 3"]));
  expect((await shop.emulator.state()).projects[0]).toMatchObject({ autoAssignCustomDomains: true, move: { type: "promote" } });
});

test("where the plan does not allow the rollback, the same deployment is promoted", async () => {
  await using shop = await openShop({}, { plan: "hobby" });
  const [one, two, three] = [await shop.prepare(1), await shop.prepare(2), await shop.prepare(3)];
  for (const candidate of [one, two, three]) await shop.promote(candidate);
  await shop.promote(one, three);
  expect(new Set(await shop.read())).toEqual(new Set(["version 1"]));
});

test.for(["failed", "skipped"] as const)(
  "a move that is %s half way is said with the domains, and going back mends them",
  async (moveOutcome) => {
    await using shop = await openShop();
    const [one, two] = [await shop.prepare(1), await shop.prepare(2)];
    await shop.promote(one);
    await shop.emulator.configure({ moveOutcome, movedDomains: "first" });

    await expect(shop.promote(two, one)).rejects.toMatchObject({
      code: "VERCEL_MOVE_FAILED",
      retryable: false,
      data: { candidate: two.id, outcome: moveOutcome, moved: ["shop.vercel.app"] },
    });
    expect(await shop.plugin.target.current(component, plainCall)).toMatchObject({
      candidate: one,
      settled: false,
      note: "shop.vercel.app shows another deployment or none",
    });
    expect(await shop.read()).toEqual(["version 2", "version 1", "version 1"]);

    await shop.promote(one, two);

    expect(new Set(await shop.read())).toEqual(new Set(["version 1"]));
    expect(await shop.plugin.target.current(component, plainCall)).toMatchObject({ candidate: one, settled: true });
  },
);

test("a failure of an earlier move is not taken for one of this", async () => {
  await using shop = await openShop();
  const [one, two] = [await shop.prepare(1), await shop.prepare(2)];
  await shop.promote(one);
  await shop.emulator.configure({ moveOutcome: "failed" });
  await expect(shop.promote(two, one)).rejects.toMatchObject({ code: "VERCEL_MOVE_FAILED" });
  await shop.emulator.configure({ moveOutcome: "succeeded" });
  // While the next request is not heard, the failure of the first is all that can be seen.
  await shop.emulator.fault({ kind: "status", status: 500, match: { operation: "deployment.promote" } });
  await shop.promote(two, one);
  expect(new Set(await shop.read())).toEqual(new Set(["version 2"]));
});

test("a move that the project never tells of is found at its deployments and domains", async () => {
  await using shop = await openShop({}, { reportAliasRequest: false, move: "200ms" });
  const [one, two] = [await shop.prepare(1), await shop.prepare(2)];
  await shop.promote(one);
  await shop.promote(two, one);
  expect(new Set(await shop.read())).toEqual(new Set(["version 2"]));
  const { effects } = await shop.emulator.ledger();
  expect(effects.filter(({ kind }) => kind === "production.moved")).toHaveLength(2);
});

test("a move that waits behind a rolling release is waited for", async () => {
  await using shop = await openShop({}, { move: "100ms" });
  const one = await shop.prepare(1);
  await shop.emulator.fault({ kind: "status-after", status: 202, match: { operation: "deployment.promote" } });
  const call = createCall();
  await shop.plugin.target.promote({ ...component, candidate: one }, call);
  expect(new Set(await shop.read())).toEqual(new Set(["version 1"]));
  expect(call.records).toContainEqual(expect.objectContaining({ level: "warn", message: expect.stringContaining("rolling release") }));
});

test("somebody else's move is waited for, and then ours is made", async () => {
  await using shop = await openShop({}, { move: "300ms" });
  const [one, two] = [await shop.prepare(1), await shop.prepare(2)];
  await shop.api("POST", `/v10/projects/shop/promote/${one.id}`, {});
  await shop.promote(two);
  expect(new Set(await shop.read())).toEqual(new Set(["version 2"]));
});

test("a move away from what is to serve is waited for, and taken back", async () => {
  await using shop = await openShop();
  const [one, two] = [await shop.prepare(1), await shop.prepare(2)];
  await shop.promote(one);
  await shop.emulator.configure({ move: "300ms" });
  await shop.api("POST", `/v10/projects/shop/promote/${two.id}`, {});
  await shop.promote(one, two);
  expect(new Set(await shop.read())).toEqual(new Set(["version 1"]));
  expect((await shop.emulator.state()).projects[0]).toMatchObject({ productionDeploymentId: one.id, move: { status: "succeeded" } });
});

test("while production moves it is not settled, from the first move on", async () => {
  await using shop = await openShop({}, { move: "1h" });
  const [one, two] = [await shop.prepare(1), await shop.prepare(2)];
  const current = () => shop.plugin.target.current(component, plainCall);
  expect(await current()).toBeUndefined();
  await shop.api("POST", `/v10/projects/shop/promote/${one.id}`, {});
  expect(await current()).toMatchObject({ candidate: one, settled: false });
  await shop.emulator.advance("1h");
  expect(await current()).toEqual({ candidate: one, release: expect.any(String), settled: true });
  await shop.api("POST", `/v10/projects/shop/promote/${two.id}`, {});
  expect(await current()).toMatchObject({ candidate: one, settled: false, note: `production is being moved to ${two.id}` });
});

test("an abort ends a promote that waits", async () => {
  await using shop = await openShop({}, { move: "1h" });
  const candidate = await shop.prepare(1);
  const process = new AbortController();
  const cut = shop.plugin.target
    .promote({ ...component, candidate }, createCall({ signal: process.signal }))
    .catch((error: unknown) => error);
  await expect.poll(async () => (await shop.emulator.state()).projects[0]?.move?.status).toBe("pending");
  process.abort(new Error("the time is up"));
  expect(await cut).toMatchObject({ message: "the time is up" });
});

test("what is no production deployment of this project, or not ready, is not promoted", async () => {
  await using shop = await openShop({ environments: { preview: "preview" } });
  const { target: previews } = await shop.createPlugin({}, { environment: "preview" });
  const preview = await previews.prepare(toInput(await createSite({ "index.html": "preview" })), createCall());
  await expect(shop.promote(preview)).rejects.toMatchObject({
    code: "VERCEL_CANDIDATE_GONE",
    retryable: false,
    message: expect.stringContaining("preview"),
  });
  const other = await shop.createPlugin({ project: "blog" });
  await shop.api("POST", "/v11/projects", { name: "blog" });
  const foreign = await other.target.prepare(toInput(await createSite({ "index.html": "blog" })), createCall());
  await expect(shop.promote(foreign)).rejects.toMatchObject({
    code: "VERCEL_CANDIDATE_GONE",
    message: expect.stringContaining("does not belong to shop"),
  });
  const gone = await shop.prepare(1);
  await shop.api("DELETE", `/v13/deployments/${gone.id}`);
  await expect(shop.promote(gone)).rejects.toMatchObject({ code: "VERCEL_CANDIDATE_GONE" });
  expect((await shop.emulator.ledger()).effects.filter(({ kind }) => kind === "promotion.requested")).toEqual([]);
});

/** A `fetch` through which a domain shows another deployment than it should, on pages that name their host. */
function showing(
  shop: { readonly emulator: EmulatedVercel["emulator"] },
  domain: string,
  instead: () => Candidate | undefined,
): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    const other = url.hostname === domain ? instead() : undefined;
    const response = await shop.emulator.fetch(other === undefined ? request : new Request(other.url! + url.pathname, request));
    if (url.hostname === "127.0.0.1") return response;
    return new Response(`${await response.text()} at ${url.hostname}`, response);
  };
}

test("a domain that goes on to show the release before is a failure, whatever the API says", async () => {
  await using vercel = await startVercel();
  let stale: Candidate | undefined;
  const { target } = await vercel.createPlugin({ fetch: showing(vercel, "www.shop.example", () => stale) });
  const prepare = async (page: string) => target.prepare(toInput(await createSite({ "health.json": page })), createCall());
  const [one, two] = [await prepare('{"v":1}'), await prepare('{"v":2}')];
  await target.promote({ ...component, candidate: one }, createCall());
  stale = one;
  await expect(target.promote({ ...component, candidate: two, previous: one }, createCall())).rejects.toMatchObject({
    code: "VERCEL_DOMAINS_LAG",
    data: { candidate: two.id, domains: ["www.shop.example"], path: "/health.json" },
  });
  expect(await target.current(component, plainCall)).toMatchObject({ candidate: two, settled: true });
  setTimeout(() => (stale = undefined), 1_000 / 20);
  await target.promote({ ...component, candidate: two, previous: one }, createCall());
  expect(stale).toBeUndefined();
});

test.for([1, 2, 3, 4, 5])("a page that fails once is not taken for what a release shows: page %i", async (nth) => {
  await using vercel = await startVercel();
  const { target } = await vercel.createPlugin();
  const prepare = async (page: string) =>
    target.prepare(toInput(await createSite({ "index.html": page, "health.json": '{"status":"up"}' })), createCall());
  const [one, two] = [await prepare("1"), await prepare("2")];
  await target.promote({ ...component, candidate: one }, createCall());
  await vercel.emulator.fault({ kind: "status", status: 500, nth, match: { host: "**" } });
  await target.promote({ ...component, candidate: two, previous: one }, createCall());
  expect((await vercel.emulator.faults())[0]?.struck).toBe(1);
});

test("a domain that names another release lags, also when nothing served before", async () => {
  await using vercel = await startVercel();
  const named: typeof fetch = async (input, init) => {
    const response = await vercel.emulator.fetch(input, init);
    if (new URL(input instanceof Request ? input.url : String(input)).hostname !== "shop.example") return response;
    return new Response(response.body, { headers: { "x-fairlead-release": "rel_other" } });
  };
  const { target } = await vercel.createPlugin({ fetch: named });
  const candidate = await target.prepare(toInput(await createSite({ "health.json": "{}" })), createCall());
  await expect(target.promote({ ...component, candidate }, createCall())).rejects.toMatchObject({
    code: "VERCEL_DOMAINS_LAG",
    data: { domains: ["shop.example"] },
  });
});

test("pages that depend on the host, change by themselves, are protected or cannot be reached say nothing against a release", async () => {
  await using vercel = await startVercel({ protection: "none" });
  let asked = 0;
  const odd: typeof fetch = async (input, init) => {
    const { hostname, pathname } = new URL(input instanceof Request ? input.url : String(input));
    if (pathname !== "/health.json") return vercel.emulator.fetch(input, init);
    asked += 1;
    if (hostname === "www.shop.example") throw Object.assign(new TypeError("fetch failed"), { cause: { code: "ENOTFOUND" } });
    if (hostname === "shop.example") return new Response(`${String(asked)} requests`);
    return new Response(`<link rel="canonical" href="https://${hostname}/">`);
  };
  const { target } = await vercel.createPlugin({ fetch: odd });
  const prepare = async (page: string) => target.prepare(toInput(await createSite({ "index.html": page })), createCall());
  const [one, two] = [await prepare("1"), await prepare("2")];
  await target.promote({ ...component, candidate: one }, createCall());
  await target.promote({ ...component, candidate: two, previous: one }, createCall());
  expect(await target.current(component, plainCall)).toMatchObject({ candidate: two, settled: true });

  await vercel.emulator.configure({ protection: "sso" });
  const call = createCall();
  await (await vercel.createPlugin()).target.promote({ ...component, candidate: one, previous: two }, call);
  expect(call.records).toContainEqual(expect.objectContaining({ level: "warn", message: expect.stringContaining("protectionBypass") }));
});

test("only the domains that are named have to arrive", async () => {
  await using shop = await openShop({ domains: ["shop.example"] });
  const [one, two] = [await shop.prepare(1), await shop.prepare(2)];
  await shop.promote(one);
  await shop.promote(two, one);
  const { requests } = await shop.emulator.ledger();
  expect(new Set(requests.filter(({ operation }) => operation === "alias.read").map(({ path }) => path))).toEqual(
    new Set(["/v4/aliases/shop.example"]),
  );
});

test("a preview environment has a domain of its own, which no other environment moves", async () => {
  await using vercel = await startVercel();
  const environments = { preview: { domain: "*.preview.shop.example" } };
  const first = await vercel.createPlugin({ environments }, { environment: "preview/pr-1" });
  const second = await vercel.createPlugin({ environments }, { environment: "preview/PR 2!" });
  const staging = await vercel.createPlugin({}, { environment: "staging" });
  const release = async ({ target }: RunningPlugin, environment: string): Promise<Candidate> => {
    const candidate = await target.prepare(toInput(await createSite({ "index.html": environment }), { environment }), createCall());
    await target.promote({ ...component, environment, candidate }, createCall());
    return candidate;
  };
  const one = await release(first, "preview/pr-1");
  await release(second, "preview/PR 2!");
  await release(staging, "staging");
  const read = async (host: string): Promise<string> => (await vercel.emulator.fetch(`https://${host}/`)).text();
  expect(await read("pr-1.preview.shop.example")).toBe("preview/pr-1");
  expect(await read("pr-2.preview.shop.example")).toBe("preview/PR 2!");
  const { effects } = await vercel.emulator.ledger();
  const own = effects.filter(({ kind }) => kind === "alias.assigned").at(-1)?.subject ?? "";
  expect(own).toMatch(/^shop-staging-[0-9a-f]{8}\.vercel\.app$/);
  expect(await read(own)).toBe("staging");
  expect(await first.target.current({ ...component, environment: "preview/pr-1" }, plainCall)).toMatchObject({
    candidate: one,
    settled: true,
  });
  expect(effects.filter(({ kind }) => kind === "production.moved")).toEqual([]);
});

test("a build that lasts is stopped and removed; what others deployed stays", async () => {
  await using vercel = await startVercel({ build: "1h" });
  const { target } = await vercel.createPlugin();
  const input = toInput(await createSite({ "index.html": "slow" }));
  const process = new AbortController();
  const cut = target.prepare(input, createCall({ signal: process.signal })).catch(() => undefined);
  await expect.poll(async () => (await vercel.emulator.state()).deployments).toHaveLength(1);
  process.abort();
  await cut;
  const observed = await target.observe({ ...component, key: input.key }, plainCall);
  const candidate = "candidate" in observed ? observed.candidate : { id: "" };
  await target.discard({ ...component, candidate }, createCall());
  const { effects } = await vercel.emulator.ledger();
  expect(effects.slice(-2).map(({ kind, subject }) => [kind, subject])).toEqual([
    ["deployment.canceled", candidate.id],
    ["deployment.deleted", candidate.id],
  ]);

  const foreign = (await vercel.api("POST", "/v13/deployments", {
    name: "shop",
    project: "shop",
    files: [{ file: "a.txt", data: "a" }],
  })) as Candidate;
  await expect(target.discard({ ...component, candidate: { id: foreign.id } }, createCall())).rejects.toMatchObject({
    code: "VERCEL_CANDIDATE_FOREIGN",
  });
});

test("what a domain still shows, or is about to show, is not removed", async () => {
  await using shop = await openShop();
  const [one, two] = [await shop.prepare(1), await shop.prepare(2)];
  await shop.promote(one);
  await shop.emulator.configure({ moveOutcome: "failed", movedDomains: "first" });
  await expect(shop.promote(two, one)).rejects.toMatchObject({ code: "VERCEL_MOVE_FAILED" });
  await expect(shop.plugin.target.discard({ ...component, candidate: two }, createCall())).rejects.toMatchObject({
    code: "VERCEL_CANDIDATE_SERVES",
  });
  const three = await shop.prepare(3);
  await shop.emulator.configure({ move: "1h" });
  await shop.api("POST", `/v10/projects/shop/promote/${three.id}`, {});
  await expect(shop.plugin.target.discard({ ...component, candidate: three }, createCall())).rejects.toMatchObject({
    code: "VERCEL_CANDIDATE_SERVES",
  });
});

test("a first move that failed half way shows where it got to, and what shows is not removed", async () => {
  await using shop = await openShop({}, { moveOutcome: "failed", movedDomains: "first" });
  const candidate = await shop.prepare(1);
  await expect(shop.promote(candidate)).rejects.toMatchObject({ code: "VERCEL_MOVE_FAILED", data: { moved: ["shop.vercel.app"] } });
  expect(await shop.plugin.target.current(component, plainCall)).toMatchObject({
    candidate,
    settled: false,
    note: "shop.example, www.shop.example show another deployment or none",
  });
  await expect(shop.plugin.target.discard({ ...component, candidate }, createCall())).rejects.toMatchObject({
    code: "VERCEL_CANDIDATE_SERVES",
  });
});

test("logs are what the build said", async () => {
  await using shop = await openShop();
  const candidate = await shop.prepare(1);
  const lines = [];
  for await (const line of shop.plugin.target.logs({ ...component, candidate }, plainCall)) lines.push(line);
  expect(lines.map(({ text, stream }) => [stream, text])).toContainEqual(["stdout", "Deployment completed"]);
});
