import { createTestClock } from "@fairlead/testing";
import { expect, test } from "vitest";
import * as z from "zod";
import { createDeployer, definePlugin, image, memoryStore, verifyExport, type Store } from "../../src/index.js";
import { createStatus } from "../../src/status.js";
import { targetInMemory } from "./scene.js";

const target = targetInMemory([]);
const memory = definePlugin({ id: "memory", provides: ["target"], options: z.strictObject({}), setup: () => ({ target }) });

/** An application that was asked for two deployments, of which one was refused, with a status page. */
async function lived() {
  const clock = createTestClock();
  const store: Store = { ...memoryStore({ clock }), close: () => Promise.resolve() };
  const join = (on: Store) =>
    createDeployer({
      ...{ application: "shop", store: on, clock, plugins: [memory({})] },
      environments: { development: { target: "memory", source: image("shop:1"), timeouts: { settle: "0s" } } },
    });
  const deployer = join(store);
  const wish = { environment: "development", actor: { name: "ada", via: "api" } } as const;
  const { id } = await deployer.request({ ...wish, kind: "deploy", key: "build-7" });
  const refused = await deployer.request({ ...wish, kind: "rollback", to: "rel_unknown" });
  await deployer.work({ untilIdle: true });
  const status = createStatus({
    ...{ application: "shop", environment: "production", store, clock, instance: "shop-1" },
    page: { url: "https://status.shop.example" },
    components: [{ name: "web", checks: [] }],
    health: { snapshot: () => ({ checks: [] }) as never },
  });
  await status.tick();
  await status.openIncident({ title: "Post is late", body: "It is.", components: { web: "partial_outage" } });
  return { clock, store, deployer, join, id, refused: refused.id };
}

const exported = async (deployer: Awaited<ReturnType<typeof lived>>["deployer"], query = {}) => {
  const lines: string[] = [];
  for await (const line of await deployer.exportJournal(query)) lines.push(line);
  const streams = lines.map((line) => (JSON.parse(line) as { stream?: string }).stream).filter((stream) => stream !== undefined);
  return { lines, streams: [...new Set(streams)] };
};

test("what was asked for and what the status page said is exported and verified, by environment", async () => {
  const { store, deployer, join, id, refused } = await lived();
  await using _ = deployer;
  const { lines, streams } = await exported(deployer);
  const { items } = await store.list({ prefix: "", limit: 1_000 });
  const kept = items.map(({ name }) => name).filter((name) => !/^(key|request-key|heartbeat|worker)\//.test(name));
  expect([...streams].sort()).toEqual(kept.sort());
  const requests = [`request/shop/${id}`, `request/shop/${refused}`];
  expect(streams).toEqual(
    expect.arrayContaining([...requests, "status/shop/production", expect.stringMatching(/^status-day\/shop\/production\//)]),
  );
  expect((await verifyExport(lines)).problems).toEqual([]);
  expect((await deployer.verifyJournal()).problems).toEqual([]);
  expect((await exported(deployer, { environment: "development" })).streams).toEqual(streams.filter((name) => !name.startsWith("status")));
  expect((await exported(deployer, { environment: "production" })).streams).toEqual(streams.filter((name) => name.startsWith("status")));

  for (const [type, stream] of [
    ["request.settled", "request/shop/"],
    ["incident.opened", "status/shop/production"],
  ] as const) {
    const read: Store["read"] = async (name, options) =>
      (await store.read(name, options)).map((event) =>
        event.type === type ? { ...event, data: { ...event.data, changed: true } } : event,
      );
    await using other = join({ ...store, read });
    const { problems } = await other.verifyJournal();
    expect(problems.length, type).toBeGreaterThan(0);
    for (const problem of problems) expect(problem.stream).toContain(stream);
  }
});

test("a request goes with its deployment, and one that was refused when it is as old", async () => {
  const { clock, store, deployer, refused } = await lived();
  await using _ = deployer;
  const requests = async () => (await store.list({ prefix: "request/shop/" })).items.map(({ name }) => name);
  const prune = (dryRun = false) => deployer.prune({ environment: "development", olderThan: "1d", keep: 0, dryRun });
  await prune();
  expect(await requests()).toHaveLength(2);
  await clock.advance("2d");
  const next = await deployer.deploy({ environment: "development", source: image("shop:2") });
  await next.result();
  await (await deployer.deploy({ environment: "development", source: image("shop:3") })).result();
  await prune(true);
  expect(await requests()).toHaveLength(2);
  const archived: string[] = [];
  const archive = async (lines: AsyncIterable<string>) => {
    for await (const line of lines) archived.push(line);
  };
  await deployer.prune({ environment: "development", olderThan: "1d", keep: 0, archive });
  expect(await requests()).not.toContain(`request/shop/${refused}`);
  expect(archived.join("\n")).toContain(refused);
  await prune();
  expect((await deployer.verifyJournal()).problems).toEqual([]);
});
