import { createTestClock } from "@fairlead/testing";
import { describe, expect, test } from "vitest";
import { memoryStore } from "../store/memory-store.js";
import { createStatus } from "./create-status.js";
import type { StatusOptions } from "./options.js";

function world(options: Partial<StatusOptions> = {}) {
  const clock = createTestClock();
  const store = memoryStore({ clock });
  const status = createStatus({
    application: "shop",
    environment: "production",
    store,
    clock,
    page: { name: "Shop", url: "https://status.shop.example/" },
    components: [
      { name: "web", checks: [] },
      { name: "post", checks: [] },
    ],
    ...options,
  });
  const componentsOf = () => Object.fromEntries(status.snapshot().components.map(({ name, status: is }) => [name, is]));
  return { clock, store, status, componentsOf };
}

describe("incidents by hand", () => {
  test("open, are updated and end; the page says so at once", async () => {
    const { clock, status, componentsOf } = world({ notify: ["slack", "mail"] });
    const { id } = await status.openIncident({
      title: "Post is late",
      body: "Looking.",
      components: { post: "partial_outage" },
      actor: "ada",
    });
    expect(componentsOf()).toEqual({ web: "operational", post: "partial_outage" });
    expect(status.snapshot()).toMatchObject({ rollUp: { indicator: "minor", status: "degraded" }, incidents: [{ id, impact: "major" }] });
    await clock.advance("5m");
    await status.updateIncident({ id, status: "identified", body: "A truck.", components: { web: "degraded_performance" } });
    expect(componentsOf()).toEqual({ web: "degraded_performance", post: "partial_outage" });
    await status.updateIncident({ id, status: "resolved", body: "It drives." });
    expect(componentsOf()).toEqual({ web: "operational", post: "operational" });
    await status.updateIncident({ id, status: "postmortem", body: "It was the tyre." });
    expect(status.snapshot().incidents).toMatchObject([
      {
        status: "postmortem",
        startedAt: "2026-01-01T00:00:00.000Z",
        resolvedAt: "2026-01-01T00:05:00.000Z",
        updates: [
          { status: "postmortem" },
          { status: "resolved", affected: [{ component: "post", from: "partial_outage", to: "operational" }, { component: "web" }] },
          { status: "identified", affected: [{ component: "web", from: "operational", to: "degraded_performance" }] },
          { status: "investigating", body: "Looking." },
        ],
      },
    ]);
    expect(JSON.stringify(status.snapshot())).not.toContain("ada");
  });

  test("the same key opens one, also by two processes at once, and another once that is over", async () => {
    const { store, clock, status } = world({ notify: ["slack"] });
    const other = createStatus({
      ...{ application: "shop", environment: "production", store, clock },
      page: { url: "https://status.shop.example" },
      components: [
        { name: "web", checks: [] },
        { name: "post", checks: [] },
      ],
      notify: ["slack"],
    });
    const input = { title: "Post is late", body: "Looking.", key: "ticket-7" };
    const opened = await Promise.all([status, other, status].map((one) => one.openIncident(input)));
    expect(new Set(opened.map(({ id }) => id)).size).toBe(1);
    expect(await store.outbox.list({ application: "shop" })).toHaveLength(1);
    await status.updateIncident({ id: opened[0]!.id, status: "resolved", body: "Done." });
    expect((await status.openIncident(input)).id).not.toBe(opened[0]!.id);
  });

  test("whatever is wrong is refused before anything is recorded", async () => {
    const { status, store } = world();
    const title = "Post is late";
    await expect(status.openIncident({ title: " ", body: "x" })).rejects.toMatchObject({ code: "STATUS_INPUT_INVALID", status: 400 });
    await expect(status.openIncident({ title, body: "x".repeat(10_001) })).rejects.toMatchObject({ code: "STATUS_INPUT_INVALID" });
    await expect(status.openIncident({ title, body: "x", components: { api: "major_outage" } })).rejects.toMatchObject({
      code: "STATUS_COMPONENT_UNKNOWN",
      data: { component: "api", known: ["web", "post"] },
    });
    await expect(status.openIncident({ title, body: "x", components: { web: "down" as "major_outage" } })).rejects.toMatchObject({
      code: "STATUS_INPUT_INVALID",
    });
    await expect(status.openIncident({ title, body: "x", startedAt: "yesterday" })).rejects.toMatchObject({ code: "STATUS_INPUT_INVALID" });
    await expect(status.updateIncident({ id: "none", body: "x" })).rejects.toMatchObject({ code: "INCIDENT_UNKNOWN", status: 404 });
    expect(await store.read("status/shop/production")).toEqual([]);
    const { id } = await status.openIncident({ title, body: "x", components: { web: "major_outage" } });
    await expect(status.updateIncident({ id, status: "postmortem", body: "y" })).rejects.toMatchObject({
      ...{ code: "STATUS_INPUT_INVALID", status: 400, data: { field: "status" } },
    });
    expect(status.snapshot()).toMatchObject({ incidents: [{ status: "investigating" }], components: [{ status: "major_outage" }, {}] });
    await status.updateIncident({ id, status: "resolved", body: "y" });
    await expect(status.updateIncident({ id, status: "monitoring", body: "z" })).rejects.toMatchObject({ code: "INCIDENT_RESOLVED" });
  });

  test("programs without types are refused before anything is recorded", async () => {
    const { status, store } = world();
    const { id } = await status.openIncident({ title: "Post is late", body: "x" });
    const events = await store.read("status/shop/production");
    const said = { title: "t", body: "b" };
    const span = { from: "2026-03-01T00:00:00Z", until: "2026-03-01T01:00:00Z" };
    const wrong = [
      { status: "nope" },
      { impact: "huge" },
      { components: 5 },
      { components: ["web"] },
      { components: { web: 5 } },
      { actor: {} },
    ];
    const calls: readonly (readonly [(input: never) => Promise<unknown>, readonly unknown[]])[] = [
      [
        status.openIncident,
        [null, undefined, "x", 5, ...[...wrong, { status: "resolved" }, { key: 5 }].map((more) => ({ ...said, ...more }))],
      ],
      [status.updateIncident, [null, undefined, "x", ...wrong.map((more) => ({ id, body: "b", ...more }))]],
      [
        status.scheduleMaintenance,
        [null, undefined, ...[{ components: 5 }, { key: 5 }, { actor: 5 }].map((more) => ({ ...said, ...span, ...more }))],
      ],
      [status.updateMaintenance, [null, undefined, { id, body: "b", actor: 5 }]],
      [status.cancelMaintenance, [null, undefined, { id, actor: 5 }]],
    ];
    for (const [call, inputs] of calls) {
      for (const input of inputs) await expect(call(input as never)).rejects.toMatchObject({ code: "STATUS_INPUT_INVALID", status: 400 });
    }
    expect(await store.read("status/shop/production")).toEqual(events);
  });

  test("secrets are taken out of what people say", async () => {
    const { status, store } = world({ redact: (text) => text.replaceAll("hunter2", "[redacted]") });
    const { id } = await status.openIncident({ title: "hunter2 leaked", body: "It is hunter2." });
    await status.updateIncident({ id, body: "No longer hunter2.", title: "Not hunter2" });
    const at = "2026-02-01T00:00:00Z";
    const { id: maintenance } = await status.scheduleMaintenance({ title: "hunter2", body: "hunter2", from: at, until: at });
    await status.updateMaintenance({ id: maintenance, body: "hunter2" });
    expect(JSON.stringify([await store.read("status/shop/production"), status.snapshot()])).not.toContain("hunter2");
  });
});

describe("maintenance", () => {
  const from = "2026-01-01T01:00:00.000Z";
  const until = "2026-01-01T02:00:00.000Z";
  const move = { title: "Move", body: "We move.", components: ["web"], from, until };

  test("begins and ends by its times, although nothing runs", async () => {
    const { clock, status, componentsOf } = world();
    await status.scheduleMaintenance(move);
    const seen = [];
    for (const step of ["59m", "1m", "59m", "1m"] as const) {
      await clock.advance(step);
      seen.push([status.snapshot().maintenances[0]!.status, componentsOf()["web"], status.snapshot().rollUp.indicator]);
    }
    expect(seen).toEqual([
      ["scheduled", "operational", "none"],
      ["in_progress", "under_maintenance", "maintenance"],
      ["in_progress", "under_maintenance", "maintenance"],
      ["completed", "operational", "none"],
    ]);
  });

  test("never hides what is wrong", async () => {
    const { clock, status, componentsOf } = world();
    await status.scheduleMaintenance(move);
    await clock.advance("61m");
    await status.openIncident({ title: "It broke", body: "It did.", components: { web: "degraded_performance" } });
    expect(componentsOf()["web"]).toBe("degraded_performance");
    expect(status.snapshot().rollUp.status).toBe("degraded");
  });

  test("can be moved, ended early and called off", async () => {
    const { clock, status } = world();
    const { id } = await status.scheduleMaintenance({ ...move, key: "move" });
    expect((await status.scheduleMaintenance({ ...move, key: "move" })).id).toBe(id);
    await status.updateMaintenance({ id, body: "Later.", until: "2026-01-01T03:00:00Z" });
    await clock.advance("2h");
    expect(status.snapshot().maintenances).toMatchObject([
      { id, status: "in_progress", updates: [{ body: "Later." }, { body: "We move." }] },
    ]);
    await status.completeMaintenance({ id, body: "Done." });
    expect(status.snapshot().maintenances).toMatchObject([{ id, status: "completed" }]);
    await expect(status.updateMaintenance({ id, body: "x" })).rejects.toMatchObject({ code: "MAINTENANCE_OVER" });
    const times = { from: "2026-01-02T00:00:00Z", until: "2026-01-02T01:00:00Z" };
    const next = await status.scheduleMaintenance({ ...move, ...times });
    await status.cancelMaintenance({ id: next.id });
    expect(status.snapshot().maintenances.map((one) => one.id)).toEqual([id]);
  });

  test("whatever is wrong is refused", async () => {
    const { status } = world();
    const refused = (input: object) => expect(status.scheduleMaintenance({ ...move, ...input })).rejects;
    await refused({ from: "soon" }).toMatchObject({ code: "STATUS_INPUT_INVALID", data: { field: "from" } });
    await refused({ from: until, until: from }).toMatchObject({ code: "STATUS_INPUT_INVALID", data: { field: "until" } });
    await refused({ from: "2025-01-01T00:00:00Z", until: "2025-01-02T00:00:00Z" }).toMatchObject({ code: "STATUS_INPUT_INVALID" });
    await refused({ components: ["api"] }).toMatchObject({ code: "STATUS_COMPONENT_UNKNOWN" });
    await expect(status.cancelMaintenance({ id: "none" })).rejects.toMatchObject({ code: "MAINTENANCE_UNKNOWN" });
  });
});

test.each([
  [{ page: { url: "status.shop.example" } }, "page.url"],
  [{ page: { url: "javascript:alert(1)" } }, "page.url"],
  [{ page: { url: "https://x.example", timeZone: "Mars" } }, "page.timeZone"],
  [{ components: [{ name: "Web" }] }, "components[0].name"],
  [{ components: [{ name: "web" }, { name: "web" }] }, "components[1].name"],
  [{ interval: "soon" as "1s" }, "interval"],
  [{ interval: "1ms" as const }, "interval"],
  [{ incidents: { openAfter: "x" as "1s" } }, "incidents.openAfter"],
])("options that make no sense are refused: %j", (options, option) => {
  expect(() => world(options)).toThrow(
    expect.objectContaining({ code: "STATUS_OPTION_INVALID", data: expect.objectContaining({ option }) }),
  );
});
