import { describe, expect, test } from "vitest";
import type { HttpOptions } from "../../src/http.js";
import { createTeam } from "../deployer/team.js";
import { createBrowser, seen, trigger } from "./support/page-browser.js";

describe("the page for those who operate", () => {
  test("says what serves, who deployed last, and the way back; and its history by pages", async () => {
    const { watching, createWorker } = createTeam();
    await using _ = watching;
    await using worker = createWorker();
    const { read } = createBrowser(watching);
    expect(seen(await read("/deployments"))).toContain("Nothing was deployed yet.");

    const first = await trigger(watching, "shop:1", { commit: "c0ffee1", reason: "the first" });
    expect(seen(await read("/deployments"))).toContain("waits for a worker");
    await worker.work({ untilIdle: true });
    const second = await trigger(watching, "shop:2", { commit: "c0ffee2" });
    await worker.work({ untilIdle: true });
    const page = await read("/deployments?environment=development");
    expect(seen(page)).toMatch(/Serves rel_….{8} of c0ffee2 since .* by this deployment/);
    expect(seen(page)).toContain("Last: Deployment by ada");
    expect(page).toContain('href="/deployments/rollback?environment=development"');
    expect(page.indexOf(`/deployments/${second}`)).toBeLessThan(page.lastIndexOf(`/deployments/${first}`));
    expect(seen(page)).toContain("the first");
    expect(seen(await read("/deployments?environment=elsewhere"))).toContain("Nothing was deployed yet.");
    for (let more = 3; more < 24; more += 1) {
      await trigger(watching, `shop:${String(more)}`);
      await worker.work({ untilIdle: true });
    }
    const newest = await read("/deployments");
    expect(newest).not.toContain(`"t" href="/deployments/${first}"`);
    const [, older = ""] = /rel="next" href="([^"]+)"/.exec(newest) ?? [];
    expect(await read(older.replaceAll("&amp;", "&"))).toContain(`"t" href="/deployments/${first}"`);
  });

  test("tells of one deployment what it changes, its steps, its log and how far it can be taken back", async () => {
    const { watching, createWorker } = createTeam();
    await using _ = watching;
    await using worker = createWorker();
    const { read } = createBrowser(watching);
    await trigger(watching, "shop:1", { commit: "c0ffee1" });
    await worker.work({ untilIdle: true });
    const id = await trigger(watching, "shop:2", { commit: "c0ffee2", reason: "a fix" });
    expect(seen(await read(`/deployments/${id}`))).toContain("It waits for a worker");
    await worker.work({ untilIdle: true });
    const page = seen(await read(`/deployments/${id}`));
    for (const words of [
      "Succeeded",
      "a fix",
      "c0ffee1 → c0ffee2",
      "web : shop:1 → shop:2",
      "The release before works with the database as this one leaves it.",
      "web.promote",
      "Roll back…",
      "The whole log",
    ])
      expect(page).toContain(words);
    const log = await read(`/deployments/${id}/log`);
    expect(log.split("\n").length).toBe((await watching.logs(id)).length + 1);
  });

  test("agrees and refuses by form, shows the answer, and says it twice as once", async () => {
    const { watching, createWorker } = createTeam({ approvals: { required: 1 } });
    await using _ = watching;
    await using worker = createWorker();
    const { read, submit, send } = createBrowser(watching);
    const id = await trigger(watching, "shop:1");
    await worker.work({ untilIdle: true });
    const asked = await read(`/deployments/${id}`);
    expect(seen(asked)).toContain("1 person has to agree: nobody has yet");
    const to = await submit(asked, /action="([^"]+\/approve)"/, { reason: "looks\r\ngood" });
    expect(to).toBe(`/deployments/${id}?did=approved`);
    expect(seen(await read(to))).toContain("You agreed.");
    expect(await submit(asked, /action="([^"]+\/approve)"/)).toBe(to);
    await worker.work({ untilIdle: true });
    expect(await (await watching.deployment(id)).state()).toMatchObject({
      phase: "succeeded",
      approvals: [{ actor: { name: "ada", via: "api" }, reason: "looks\ngood" }],
    });
    const stale = await send("POST", `/deployments/${id}/approve`, { form: { digest: "sha256:0" } });
    expect(stale.status).toBe(409);
    expect(seen(stale.text)).toContain("DEPLOYMENT_ENDED");

    const second = await trigger(watching, "shop:2");
    await worker.work({ untilIdle: true });
    await submit(await read(`/deployments/${second}`), /formaction="([^"]+\/reject)"/, { reason: "no" });
    expect(seen(await read(`/deployments/${second}`))).toContain("Rejected");
    const third = await trigger(watching, "shop:3");
    await worker.work({ untilIdle: true });
    expect(await submit(await read(`/deployments/${third}`), /action="([^"]+\/abort)"/)).toContain("did=stopping");
    expect(seen(await read(`/deployments/${third}`))).toContain("Cancelled");
  });

  test("rolls back behind a step that says what changes, once however often it is sent", async () => {
    const { watching, createWorker, effects } = createTeam();
    await using _ = watching;
    await using worker = createWorker();
    const { read, submit } = createBrowser(watching);
    await trigger(watching, "shop:1", { commit: "c0ffee1" });
    await worker.work({ untilIdle: true });
    await trigger(watching, "shop:2", { commit: "c0ffee2" });
    await worker.work({ untilIdle: true });
    const page = await read("/deployments/rollback?environment=development");
    expect(seen(page)).toContain("c0ffee2 → c0ffee1");
    expect(seen(page)).toContain("Safe for the database");
    const to = await submit(page, /action="([^"]+\/rollback)"/, { reason: "it is slow" });
    expect(to).toContain("did=waits");
    expect(seen(await read(to))).toContain("no worker is there now");
    expect(await submit(page, /action="([^"]+\/rollback)"/)).toBe(to);
    await worker.work({ untilIdle: true });
    expect(seen(await read(to))).toContain("Rollback development");
    expect(effects.at(-1)).toBe("promote c1");
    const { items } = await watching.history({});
    expect(items.map(({ kind }) => kind)).toEqual(["rollback", "deploy", "deploy"]);
    expect(seen(await read("/deployments"))).toContain("Pinned since ada rolled back");
    const [, release = ""] = /name="to" value="(rel_\w+)"/.exec(await read("/deployments/rollback?environment=development")) ?? [];
    expect(seen(await read(`/deployments/rollback?environment=development&to=${release}`))).toContain(`To ${release}`);
  });

  test("offers nothing that somebody may not do, and shows no environment that they may not read", async () => {
    const { watching, createWorker } = createTeam({ approvals: { required: 1 } });
    await using _ = watching;
    await using worker = createWorker();
    const id = await trigger(watching, "shop:1");
    await worker.work({ untilIdle: true });
    const { read, send } = createBrowser(watching, { authorize: (_who, permission) => permission === "deployments.read" });
    const page = await read(`/deployments/${id}`);
    expect(page).not.toContain("<form");
    expect(seen(page)).toContain("You may not approve.");
    for (const path of [`/deployments/${id}/approve`, `/deployments/${id}/abort`, "/deployments/rollback"])
      expect((await send("POST", path, { form: { environment: "development", to: "r", from: "r", key: "k" } })).status).toBe(403);
    expect((await send("GET", "/deployments/rollback?environment=development")).status).toBe(403);
    const elsewhere = createBrowser(watching, { authorize: (_who, _permission, { environment }) => environment === undefined });
    expect(seen(await elsewhere.read("/deployments"))).not.toContain("development");
    expect((await elsewhere.send("GET", `/deployments/${id}`)).status).toBe(403);
    expect((await elsewhere.send("GET", `/deployments/${id}/log`)).status).toBe(403);
  });

  test("where everybody may read, buttons are for those who are known", async () => {
    const { watching, createWorker } = createTeam({ approvals: { required: 1 } });
    await using _ = watching;
    await using worker = createWorker();
    const id = await trigger(watching, "shop:1");
    await worker.work({ untilIdle: true });
    const { read } = createBrowser(watching, { public: ["deployments.read"] });
    expect(await read(`/deployments/${id}`, "")).not.toContain("<form");
    expect(await read(`/deployments/${id}`)).toContain("<form");
  });

  test("is closed to whoever is not known, and to forms of other sites", async () => {
    const { watching } = createTeam();
    await using _ = watching;
    const id = await trigger(watching, "shop:1");
    const { send } = createBrowser(watching);
    const closed = createBrowser(watching, { authenticate: undefined } as unknown as Partial<HttpOptions>);
    for (const path of ["/deployments", `/deployments/${id}`, `/deployments/${id}/log`, "/deployments/rollback?environment=development"]) {
      const refused = await send("GET", path, { token: "" });
      expect([refused.status, refused.challenge]).toEqual([401, expect.stringMatching(/^Basic /)]);
      expect(refused.text).not.toContain(id);
      expect((await closed.send("GET", path)).status).toBe(403);
    }
    for (const headers of [{ origin: "https://evil.example" }, { "sec-fetch-site": "cross-site" }, { "sec-fetch-site": "same-site" }])
      expect((await send("POST", `/deployments/${id}/abort`, { form: {}, headers })).status).toBe(403);
    expect((await send("GET", `/deployments/${id}/approve`)).status).toBe(405);
    const none = createBrowser(watching, { deploymentsPage: false });
    expect((await none.send("GET", "/deployments")).status).toBe(404);
    const elsewhere = createBrowser(watching, { deploymentsPage: "/ops/deployments" });
    expect(await elsewhere.read("/ops/deployments")).toContain(`href="/ops/deployments/${id}"`);
  });
});
