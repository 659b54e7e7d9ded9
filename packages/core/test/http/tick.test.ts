import { expect, test, vi } from "vitest";
import { createHttp } from "../../src/http.js";
import { image, memoryStore } from "../../src/index.js";
import { createStatus } from "../../src/status.js";
import { createScene, targetInMemory } from "../deployer/scene.js";

test("where no worker runs, a cron job's tick delivers what the status page tells and carries out what was asked for, once for two at a time", async () => {
  const store = memoryStore();
  const told: string[] = [];
  const { deployer, effects } = createScene({
    store,
    channels: {
      chat: async ({ event }) => {
        told.push(event);
        return {};
      },
    },
  });
  await using _ = deployer;
  const about = { application: "shop", environment: "development", page: { url: "https://status.shop.example" } };
  const status = createStatus({ ...about, store, components: [{ name: "web" }], notify: ["chat"] });
  const authenticate = () => ({ id: "cron" });
  const asked = createHttp({ deployer, status, authenticate });
  const working = createHttp({
    deployer,
    status,
    authenticate,
    tick: { work: ({ signal }) => deployer.work({ untilIdle: true, signal }) },
  });
  const tick = async (http: typeof asked) => {
    const response = await http.fetch(new Request("https://shop.example/api/fairlead/tick"));
    return [response.status, await response.json()];
  };

  await status.openIncident({ title: "Post is late", body: "Looking." });
  await deployer.request({ kind: "deploy", environment: "development", source: image("shop:1") });
  expect(await tick(asked)).toEqual([200, { unfinished: [] }]);
  expect([told, effects]).toEqual([[], []]);

  const done = [200, { unfinished: [] }];
  expect(await Promise.all([tick(working), tick(working)])).toEqual([done, done]);
  expect(told.filter((event) => event === "incident.opened")).toHaveLength(1);
  expect(told).toContain("deployment.succeeded");
  expect(effects.filter((effect) => effect.startsWith("promote"))).toHaveLength(1);
});

test("a deployment that takes longer than a tick may goes on where the process does, and a later tick waits for it", async () => {
  const store = memoryStore();
  const { promise: gate, resolve: open } = Promise.withResolvers<undefined>();
  const asked = vi.fn(() => gate);
  const { deployer, effects } = createScene({
    store,
    target: (made) => {
      const target = targetInMemory(made);
      return { ...target, prepare: (...given) => asked().then(() => target.prepare(...given)) };
    },
  });
  await using _ = deployer;
  const work = ({ signal }: { readonly signal: AbortSignal }) => deployer.work({ untilIdle: true, signal });
  const http = createHttp({ deployer, authenticate: () => ({ id: "cron" }), tick: { work, within: "200ms" } });
  const tick = async () => (await http.fetch(new Request("https://shop.example/api/fairlead/tick"))).json();

  const { id } = await deployer.request({ kind: "deploy", environment: "development", source: image("shop:1") });
  do expect(await tick()).toEqual({ unfinished: ["work"] });
  while (asked.mock.calls.length === 0);
  open(undefined);
  await expect.poll(tick).toEqual({ unfinished: [] });
  expect((await (await deployer.deployment(id)).state()).phase).toBe("succeeded");
  expect(effects).toEqual(["prepare c1", "promote c1"]);
});
