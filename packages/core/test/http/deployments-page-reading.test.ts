import { expect, test } from "vitest";
import { createDeployer, definePlugin, image } from "../../src/index.js";
import * as z from "zod";
import { createHttp } from "../../src/http.js";
import { memoryStore } from "../../src/store/memory-store.js";
import { targetInMemory } from "../deployer/scene.js";
import { createTeam } from "../deployer/team.js";
import { createBrowser, seen, trigger } from "./support/page-browser.js";

function createShop() {
  const target = targetInMemory([]);
  const plugin = definePlugin({
    ...{ id: "host", provides: ["target"], options: z.strictObject({}) },
    setup: () => ({
      target: {
        ...target,
        prepare: (input, call) => {
          call.log.info("one\n2026-01-01T00:00:00.000Z info web.verify all is well\r\nthree\u2028four");
          return target.prepare(input, call);
        },
      },
    }),
  });
  const environment = { target: "host", source: image("shop:1"), timeouts: { settle: "0s" } } as const;
  return createDeployer({
    ...{ application: "shop", store: { ...memoryStore(), shared: true }, plugins: [plugin({})] },
    environments: { development: environment, staging: environment },
  });
}

test("who may read one environment is told what they may read, and can go on", async () => {
  await using deployer = createShop();
  const mine = await deployer.deploy({ environment: "development" });
  await mine.result();
  for (let version = 0; version < 25; version += 1)
    await (await deployer.deploy({ environment: "staging", source: image(`shop:p${String(version)}`) })).result();
  const { read } = createBrowser(deployer, { authorize: (_who, _permission, { environment }) => environment !== "staging" });
  const page = await read("/deployments");
  expect(page).toContain(`"t" href="/deployments/${mine.id}"`);
  expect(seen(page)).not.toContain("Nothing was deployed yet.");
  const none = createBrowser(deployer, { authorize: (_who, _permission, { environment }) => environment === undefined });
  expect(seen(await none.read("/deployments"))).toContain("Nothing that you may read on this page.");
});

test("a page without a line that may be read leads on", async () => {
  await using deployer = createShop();
  await (await deployer.deploy({ environment: "staging" })).result();
  const [item] = (await deployer.history()).items;
  const long = { ...deployer, history: async () => ({ items: [item!], next: "further" }) };
  const { read } = createBrowser(long, { authorize: (_who, _permission, { environment }) => environment === undefined });
  const page = await read("/deployments");
  expect(seen(page)).toContain("Nothing that you may read on this page.");
  expect(page).toContain('rel="next" href="/deployments?after=further"');
});

test("who may roll back and not read is shown nothing, and sends no form", async () => {
  await using deployer = createShop();
  await (await deployer.deploy({ environment: "development" })).result();
  const { send } = createBrowser(deployer, { authorize: (_who, permission) => permission !== "deployments.read" });
  const page = await send("GET", "/deployments/rollback?environment=development");
  expect(page.status).toBe(403);
  expect(page.text).not.toContain("rel_");
  const form = { environment: "development", to: "rel_1", from: "rel_2", key: "k" };
  expect((await send("POST", "/deployments/rollback", { form })).status).toBe(403);
});

test("no line of a log looks like an entry that it is not", async () => {
  await using deployer = createShop();
  const deployment = await deployer.deploy({ environment: "development" });
  await deployment.result();
  const log = await createBrowser(deployer).read(`/deployments/${deployment.id}/log`);
  const lines = log.split(/\r\n|[\n\r\u2028]/).filter((line) => line !== "");
  expect(lines.filter((line) => /^\S/.test(line))).toHaveLength((await deployer.logs(deployment.id)).length);
  expect(log).toContain("\n    2026-01-01T00:00:00.000Z info web.verify all is well\n    three\n    four\n");
});

test("at the root its links lead somewhere, and what is not an id is the host's", async () => {
  const { watching } = createTeam();
  await using _ = watching;
  const id = await trigger(watching, "shop:1");
  const { read, send } = createBrowser(watching, { deploymentsPage: "/" });
  const page = await read(`/${id}`);
  expect(page).toContain('<a href="/">Deployments</a>');
  expect(page).toContain('href="/?environment=development"');
  expect(page).not.toContain('href=""');
  expect((await send("GET", "/dep_unknown")).text).toContain('<a href="/">To the deployments</a>');
  const http = createHttp({ deployer: watching, deploymentsPage: "/" });
  for (const path of ["/favicon.ico", "/robots.txt", "/app/log"])
    expect(http.fetchOwn(new Request(`https://shop.example${path}`))).toBeUndefined();
});

test.each(["/deployments/", "/api/deploy/status/", "/api/deploy/events/"])("%s finds its deployment once", async (path) => {
  await using deployer = createShop();
  const { id } = await deployer.deploy({ environment: "development" });
  await (await deployer.deployment(id)).result();
  const found: string[] = [];
  const deployment: typeof deployer.deployment = (asked) => {
    found.push(asked);
    return deployer.deployment(asked);
  };
  const http = createHttp({ deployer: { ...deployer, deployment }, public: ["deployments.read"] });
  const answer = await http.fetch(new Request(`https://shop.example${path}${id}`));
  expect([answer.status, found]).toEqual([200, [id]]);
  await answer.body?.cancel();
});

test("a request that is asked again is answered with what is there then", async () => {
  const { watching, createWorker } = createTeam();
  await using _ = watching;
  await using worker = createWorker();
  const http = createHttp({ deployer: watching, public: ["deployments.read"] });
  const about = { kind: "deploy", environment: "development", actor: { name: "ada", via: "api" } } as const;
  const { id } = await watching.request({ ...about, source: image("shop:1") });
  const request = { method: "GET", path: `/api/deploy/status/${id}` };
  const phase = async () => {
    const reply = await http.respond(request);
    const body = reply === undefined || "stream" in reply ? undefined : reply.body;
    return (JSON.parse(new TextDecoder().decode(body)) as { phase: string }).phase;
  };
  expect(await phase()).toBe("requested");
  await worker.work({ untilIdle: true });
  expect(await phase()).toBe("succeeded");
});
