import { afterAll, beforeAll, expect, test } from "vitest";
import { Statuspage as Client } from "statuspage.js";
import { Statuspage as OtherClient } from "statuspage.io";
import { memoryStore } from "../../src/store/memory-store.js";
import { createStatus, toStatusFiles } from "../../src/status/index.js";
import { serveFiles } from "./support/serve-files.js";

let server: Awaited<ReturnType<typeof serveFiles>>;

beforeAll(async () => {
  const store = memoryStore();
  const status = createStatus({
    ...{ application: "shop", environment: "production", store },
    page: { name: "Shop", url: "https://status.shop.example" },
    components: [
      { name: "web", title: "Website", checks: [] },
      { name: "post", checks: [] },
    ],
  });
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  await status.scheduleMaintenance({ title: "Now", body: "x", components: ["web"], from: day(-1), until: day(1) });
  await status.scheduleMaintenance({ title: "Later", body: "x", from: day(1), until: day(2) });
  await status.openIncident({ title: "Post is late", body: "Looking.", components: { post: "partial_outage" } });
  server = await serveFiles(toStatusFiles(await status.refresh()));
});

afterAll(() => server.close());

test("statuspage.js reads all eight documents", async () => {
  const client = new Client("shop");
  (client as unknown as { axios: { defaults: { baseURL: string } } }).axios.defaults.baseURL = `${server.url}/api/v2`;
  const names = (items: readonly { readonly name: string }[]) => items.map(({ name }) => name);
  const summary = await client.summary();
  expect(summary.status).toEqual({ indicator: "minor", description: "Minor Service Outage" });
  expect(summary.page).toMatchObject({ name: "Shop", url: "https://status.shop.example" });
  expect((await client.status()).status.indicator).toBe("minor");
  expect((await client.components()).components.map(({ name, status }) => [name, status])).toEqual([
    ["Website", "under_maintenance"],
    ["post", "partial_outage"],
  ]);
  expect(names((await client.allIncidents()).incidents)).toEqual(["Post is late"]);
  expect(names((await client.unresolvedIncidents()).incidents)).toEqual(["Post is late"]);
  expect(names((await client.allScheduledMaintenances()).scheduled_maintenances)).toEqual(["Later", "Now"]);
  expect(names((await client.activeScheduledMaintenances()).scheduled_maintenances)).toEqual(["Now"]);
  expect(names((await client.upcomingScheduledMaintenances()).scheduled_maintenances)).toEqual(["Later"]);
});

test("statuspage.io reads what it asks for", async () => {
  const client = new OtherClient("shop");
  (client as unknown as { apiClient: { defaults: { baseURL: string } } }).apiClient.defaults.baseURL = server.url;
  expect(await client.api.getSummary()).toMatchObject({ status: { indicator: "minor" }, incidents: [{ impact: "major" }] });
  expect(await client.api.getStatus()).toMatchObject({ page: { time_zone: "UTC" } });
  expect((await client.api.getComponents()).components).toHaveLength(2);
  expect(await client.api.incidents.getUnresolved()).toMatchObject({ incidents: [{ name: "Post is late", status: "investigating" }] });
  expect(await client.api.scheduledMaintenances.getUpcoming()).toMatchObject({ scheduled_maintenances: [{ name: "Later" }] });
});
