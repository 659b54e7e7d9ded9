import { prometheus, requireService } from "@fairlead/test-support";
import { expect, test, vi } from "vitest";
import * as z from "zod";
import { createHttp } from "../../src/http.js";
import { createDeployer, definePlugin, image } from "../../src/index.js";
import { createStatus } from "../../src/status.js";
import { memoryStore } from "../../src/store/memory-store.js";
import { targetInMemory } from "../deployer/scene.js";
import { promtool } from "./support/promtool.js";

const about = { application: "shop", environment: "development" };

/** A page with an outage, a message that waits and one that is given up. */
async function troubled() {
  const store = memoryStore();
  const plugin = definePlugin({
    ...{ id: "host", provides: ["target"], options: z.strictObject({}) },
    setup: () => ({ target: targetInMemory([]) }),
  });
  const deployer = createDeployer({
    application: "shop",
    store,
    plugins: [plugin({})],
    environments: { development: { target: "host", source: image("shop:1") } },
  });
  const status = createStatus({
    ...{ ...about, store, page: { url: "https://status.shop.example" } },
    components: [
      { name: "web", checks: [] },
      { name: "post", checks: [] },
    ],
  });
  await status.tick();
  await status.openIncident({ title: "Post is late", body: "We look.", components: { post: "major_outage" } });
  const over = await status.openIncident({ title: "Short", body: "It was.", components: { web: "partial_outage" } });
  await status.updateIncident({ id: over.id, status: "resolved", body: "It is over." });
  const learnt = await status.openIncident({ title: "Learnt", body: "It was.", impact: "minor" });
  await status.updateIncident({ id: learnt.id, status: "resolved", body: "It is over." });
  await status.updateIncident({ id: learnt.id, status: "postmortem", body: "Why it was." });
  const message = (id: string) => ({
    ...{ id, dedupeKey: id, channel: "slack", lane: id, ...about },
    notification: {
      ...({ id, event: "deployment.failed", severity: "critical", title: "It failed", text: "", fields: [], links: [] } as const),
      ...{ ...about, at: new Date().toISOString() },
    },
  });
  await store.commit({ streams: [], outbox: [message("one"), message("two"), message("three")] });
  const [leased] = await store.outbox.lease({ ...about, channels: ["slack"], holder: "worker", limit: 1, ttl: 60_000 });
  await store.outbox.settle(leased?.id ?? "", "worker", { state: "dead", error: {} });
  const messages = vi.fn(deployer.messages);
  const http = createHttp({ status, deployer: { ...deployer, messages }, public: ["metrics.read"], metrics: { process: false } });
  const scrape = async () => (await http.fetch(new Request("https://shop.example/metrics"))).text();
  return { scrape, status, deployer, messages };
}

test("/metrics tells what the page says, what is open, and which messages wait or were given up", async () => {
  const { scrape, status, deployer, messages } = await troubled();
  await using _ = deployer;
  const lines = (await scrape()).split("\n");
  for (const line of [
    'fairlead_status_component{component="post"} 0',
    'fairlead_status_component{component="web"} 1',
    "fairlead_status_stale 0",
    'fairlead_incidents_open{impact="critical"} 1',
    'fairlead_notifications_pending{environment="development"} 2',
    'fairlead_notifications_dead{environment="development"} 1',
  ]) {
    expect(lines).toContain(line);
  }
  expect(lines.filter((line) => line.startsWith("fairlead_incidents_open{"))).toHaveLength(1);
  expect(messages).toHaveBeenCalledTimes(1);
  await scrape();
  expect(messages).toHaveBeenCalledTimes(2);
  await status.stop();
});

test("promtool finds nothing to say about it", async (context) => {
  requireService(context, prometheus);
  const { scrape, status, deployer } = await troubled();
  await using _ = deployer;
  expect(await promtool(await scrape())).toEqual({ code: 0, out: "", err: "" });
  await status.stop();
});
