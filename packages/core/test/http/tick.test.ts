import { expect, test } from "vitest";
import { createHttp } from "../../src/http.js";
import { image, memoryStore } from "../../src/index.js";
import { createStatus } from "../../src/status.js";
import { createScene } from "../deployer/scene.js";

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
