import { createTestClock } from "@fairlead/testing";
import { expect, test } from "vitest";
import { memoryStore } from "../store/memory-store.js";
import { createStatus } from "./create-status.js";
import type { StatusOptions } from "./options.js";

function world(options: Partial<StatusOptions> = {}) {
  const clock = createTestClock();
  const store = memoryStore({ clock });
  const status = createStatus({
    ...{ application: "shop", environment: "production", store, clock },
    page: { name: "Shop", url: "https://status.shop.example" },
    components: [{ name: "web", title: "Website", checks: [] }],
    notify: ["slack"],
    ...options,
  });
  return { clock, store, status };
}

const alert = {
  status: "firing",
  labels: { alertname: "HighErrorRate", severity: "critical", component: "web", instance: "10.0.0.7:9100" },
  annotations: { summary: "10.0.0.7 answers with errors", runbook_url: "https://wiki.internal/x" },
  startsAt: "2025-12-31T23:58:00.123Z",
  endsAt: "0001-01-01T00:00:00Z",
  generatorURL: "http://prometheus.internal:9090/graph",
  fingerprint: "c4ca4238a0b92382",
};

/** As Alertmanager 0.25 and later send it. */
const alertmanager = (...alerts: readonly object[]) => ({
  version: "4",
  groupKey: '{}:{alertname="HighErrorRate"}',
  truncatedAlerts: 0,
  status: "firing",
  receiver: "status-page",
  groupLabels: { alertname: "HighErrorRate" },
  commonLabels: {},
  commonAnnotations: {},
  externalURL: "http://alertmanager.internal:9093",
  alerts,
});

test("an alert opens an incident and resolves it; whatever is sent again changes nothing", async () => {
  const { status, store } = world();
  const { opened } = await status.receiveAlerts(alertmanager(alert));
  expect(opened).toHaveLength(1);
  expect(await status.receiveAlerts(alertmanager(alert))).toEqual({ opened: [], resolved: [], unchanged: 1 });
  expect(status.snapshot()).toMatchObject({
    incidents: [{ title: "HighErrorRate", impact: "critical", components: { web: "major_outage" }, startedAt: alert.startsAt }],
    components: [{ name: "web", status: "major_outage" }],
  });
  const resolved = { ...alert, status: "resolved", endsAt: "2026-01-01T00:01:00Z" };
  expect(await status.receiveAlerts(alertmanager(resolved))).toEqual({ opened: [], resolved: opened, unchanged: 0 });
  // Late and out of order, as it happens with retries.
  expect(await status.receiveAlerts(alertmanager(alert, resolved))).toEqual({ opened: [], resolved: [], unchanged: 2 });
  expect(status.snapshot()).toMatchObject({ incidents: [{ status: "resolved" }], components: [{ status: "operational" }] });
  expect(await store.outbox.list({ application: "shop" })).toHaveLength(2);
  const again = { ...alert, startsAt: "2026-01-01T00:00:00Z" };
  expect((await status.receiveAlerts(alertmanager(again))).opened).toHaveLength(1);
});

test("a late word that an alert is over does not end what fires since", async () => {
  const { clock, status } = world();
  const resolved = { ...alert, status: "resolved", endsAt: "2025-12-31T23:59:00Z" };
  await status.receiveAlerts(alertmanager(alert));
  await status.receiveAlerts(alertmanager(resolved));
  await clock.advance("10m");
  const again = { ...alert, startsAt: "2026-01-01T00:05:00Z" };
  const { opened } = await status.receiveAlerts(alertmanager(again));
  expect(opened).toHaveLength(1);
  expect(await status.receiveAlerts(alertmanager(resolved))).toEqual({ opened: [], resolved: [], unchanged: 1 });
  expect(status.snapshot()).toMatchObject({ components: [{ name: "web", status: "major_outage" }] });
  const over = { ...again, status: "resolved", endsAt: "2026-01-01T00:09:00Z" };
  expect(await status.receiveAlerts(alertmanager(over))).toEqual({ opened: [], resolved: opened, unchanged: 0 });
});

test.each([{}, { endsAt: "0001-01-01T00:00:00Z" }])(
  "an alert that is over and does not say since when ends the incident: %j",
  async (end) => {
    const { status } = world();
    const { endsAt: _endsAt, ...firing } = alert;
    const { opened } = await status.receiveAlerts(alertmanager(alert));
    expect(await status.receiveAlerts(alertmanager({ ...firing, status: "resolved", ...end }))).toMatchObject({ resolved: opened });
  },
);

test("long texts are cut, after secrets are taken out of them", async () => {
  const { status } = world({ redact: (text) => text.replaceAll("hunter2", "[redacted]") });
  const annotations = {
    status_title: `${"t".repeat(197)}hunter2`,
    status_body: `${"b".repeat(9_995)}hunter2`,
    summary: "s".repeat(50_000),
  };
  await status.receiveAlerts(alertmanager({ ...alert, annotations, labels: { ...alert.labels, ["l".repeat(300)]: "x" } }));
  expect(status.snapshot().incidents).toMatchObject([{ title: `${"t".repeat(197)}[re`, updates: [{ body: `${"b".repeat(9_995)}[reda` }] }]);
  const over = { ...alert, status: "resolved", annotations: { status_resolved: "r".repeat(20_000) } };
  await status.receiveAlerts(alertmanager(over));
  expect(status.snapshot().incidents[0]?.updates[0]?.body).toHaveLength(10_000);
});

test("of what is written for those who operate nothing is published", async () => {
  const { status } = world();
  await status.receiveAlerts(alertmanager(alert));
  expect(JSON.stringify(status.snapshot())).not.toMatch(/10\.0\.0\.7|internal|answers with errors/);
});

test("two processes that get it at once open one", async () => {
  const { status, store, clock } = world();
  const other = createStatus({
    ...{ application: "shop", environment: "production", store, clock },
    page: { url: "https://status.shop.example" },
    components: [{ name: "web", checks: [] }],
    notify: ["slack"],
  });
  await Promise.all([status, other, status, other].map((one) => one.receiveAlerts(alertmanager(alert))));
  await status.refresh();
  expect(status.snapshot().incidents).toHaveLength(1);
  expect(await store.outbox.list({ application: "shop" })).toHaveLength(1);
});

test("Grafana sends the same and more; texts for people are taken where they are given", async () => {
  const { status } = world();
  const annotations = { status_title: "Orders are slow", status_body: "We know.", summary: "internal" };
  const grafana = {
    ...alertmanager({
      ...alert,
      labels: { alertname: "Slow", severity: "warning", grafana_folder: "shop" },
      annotations,
      ...{
        values: { B: 22.4, C: 1 },
        valueString: "[ var='B' ]",
        silenceURL: "https://grafana.internal/x",
        dashboardURL: "",
        panelURL: "",
      },
    }),
    ...{ version: "1", orgId: 1, title: "[FIRING:1] Slow", state: "alerting", message: "…" },
  };
  await status.receiveAlerts(grafana);
  expect(status.snapshot().incidents).toMatchObject([
    { title: "Orders are slow", impact: "minor", components: {}, updates: [{ body: "We know." }] },
  ]);
});

test.each([
  [undefined],
  [null],
  ["firing"],
  [{}],
  [{ alerts: "all" }],
  [alertmanager({ ...alert, status: "burning" })],
  [alertmanager({ ...alert, fingerprint: "" })],
  [alertmanager({ ...alert, startsAt: "yesterday" })],
  [alertmanager({ ...alert, labels: { alertname: 7 } })],
])("what is no such webhook is refused: %j", async (body) => {
  const { status, store } = world();
  await expect(status.receiveAlerts(body)).rejects.toMatchObject({ code: "ALERT_INVALID", status: 400 });
  expect(await store.read("status/shop/production")).toEqual([]);
});
