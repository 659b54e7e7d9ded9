import { prometheus, requireService } from "@fairlead/test-support";
import { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { Counter, Registry } from "prom-client";
import { describe, expect, test } from "vitest";
import { createHealth, defineCheck } from "../../src/health.js";
import { createHttp, type HttpOptions } from "../../src/http.js";
import { createTeam } from "../deployer/team.js";
import { promtool } from "./support/promtool.js";

const health = createHealth({
  release: "rel_42",
  checks: [
    defineCheck({ name: "database", run: () => ({ status: "up" }) }),
    defineCheck({ name: "mail", critical: false, run: () => ({ status: "up" }) }),
  ],
});

/** An application of which one deployment has succeeded, one has been rolled back to, and one waits. */
async function deployed(options: Partial<HttpOptions> = {}) {
  const { watching, createWorker } = createTeam();
  const http = createHttp({ health, deployer: watching, public: ["metrics.read", "deployments.read"], metrics: {}, ...options });
  const worker = createWorker();
  const about = { kind: "deploy", environment: "development", actor: { name: "ada", via: "api" } } as const;
  await watching.request({ ...about, source: { kind: "image", reference: "shop:1" } });
  await worker.work({ untilIdle: true });
  await watching.request({ ...about, source: { kind: "image", reference: "shop:2" } });
  await worker.work({ untilIdle: true });
  await watching.request({ kind: "rollback", environment: "development" });
  await worker.work({ untilIdle: true });
  await worker.close();
  await watching.request(about);
  const scrape = async (accept = "") => {
    const response = await http.fetch(new Request("https://shop.example/metrics", { headers: { accept } }));
    return { status: response.status, type: response.headers.get("content-type"), text: await response.text() };
  };
  return { http, scrape, watching };
}

const told = [
  "fairlead_health_status 0",
  "fairlead_health_ready 0",
  'fairlead_health_check_status{check="database",critical="true"} 0',
  'fairlead_health_check_status{check="mail",critical="false"} 0.5',
  "fairlead_health_checks_overdue 0",
  'fairlead_release_info{release="rel_42"} 1',
  'fairlead_deployments_total{environment="development",kind="deploy",phase="succeeded"} 2',
  'fairlead_deployments_total{environment="development",kind="rollback",phase="succeeded"} 1',
  'fairlead_rollbacks_total{environment="development"} 1',
  'fairlead_requests_pending{environment="development"} 1',
];

describe("/metrics", () => {
  test("tells of health and deployments, in both formats", async () => {
    const { scrape, watching } = await deployed();
    await using _ = watching;
    const plain = await scrape();
    expect(plain).toMatchObject({ status: 200, type: "text/plain; version=0.0.4; charset=utf-8" });
    for (const line of told) expect(plain.text.split("\n")).toContain(line);
    expect(plain.text).toContain("process_cpu_seconds_total");
    const open = await scrape("application/openmetrics-text; version=1.0.0,text/plain;q=0.5");
    expect(open.type).toBe("application/openmetrics-text; version=1.0.0; charset=utf-8");
    for (const line of told) expect(open.text.split("\n")).toContain(line);
    expect(open.text.endsWith("# EOF\n")).toBe(true);
    expect(open.text).toContain("# TYPE fairlead_deployments counter");
  });

  test("is what promtool wants", async (context) => {
    requireService(context, prometheus);
    const { scrape, watching, http } = await deployed({ metrics: { process: false } });
    await using _ = watching;
    await http.fetch(new Request("https://shop.example/api/deploy/history"));
    expect(await promtool((await scrape()).text)).toEqual({ code: 0, out: "", err: "" });
  });

  test("goes on counting, and counts requests", async () => {
    const { scrape, http, watching } = await deployed();
    await using _ = watching;
    await http.fetch(new Request("https://shop.example/api/deploy/history"));
    await http.fetch(new Request("https://shop.example/api/deploy/history?limit=0"));
    const { text: first } = await scrape();
    expect(first).toContain('fairlead_http_request_duration_seconds_count{method="GET",route="/deploy/history",status="200"} 1');
    expect(first).toContain('fairlead_http_request_duration_seconds_count{method="GET",route="/deploy/history",status="400"} 1');
    expect((await scrape()).text).toContain('route="/metrics",status="200"} 1');
  });

  test("has the host's own, once, in its registry", async () => {
    const registry = new Registry();
    new Counter({ name: "shop_orders_total", help: "Orders.", registers: [registry] }).inc(3);
    const { scrape, watching } = await deployed({ metrics: { registry } });
    await using _ = watching;
    const { text: all } = await scrape();
    expect(all).toContain("shop_orders_total 3");
    expect(all).toContain("fairlead_health_status 0");
    expect(await registry.metrics()).toContain('fairlead_rollbacks_total{environment="development"} 1');
  });

  test("tells what it can while the store is away", async () => {
    const { scrape, watching } = await deployed({});
    await scrape();
    await watching.close();
    const broken = createHttp({
      health,
      deployer: { ...watching, history: () => Promise.reject(new Error("away")), pendingRequests: () => Promise.reject(new Error("away")) },
      public: ["metrics.read"],
      metrics: {},
    });
    const response = await broken.fetch(new Request("https://shop.example/metrics"));
    expect(response.status).toBe(200);
    expect(await response.text()).toContain("fairlead_health_status 0");
  });
});

test("a meter of OpenTelemetry is told the same", async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 30 });
  const provider = new MeterProvider({ readers: [reader] });
  const { watching } = await deployed({ metrics: { openTelemetry: provider.getMeter("shop") } });
  await using _ = watching;
  await reader.forceFlush();
  const points = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
  const values = Object.fromEntries(
    points.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints.map(({ attributes, value }) => [attributes, value])]),
  );
  expect(values["health.status"]).toEqual([[{}, 0]]);
  expect(values["health.check.status"]).toContainEqual([{ check: "mail", critical: "false" }, 0.5]);
  expect(values["deployment.count"]).toContainEqual([{ environment: "development", kind: "deploy", phase: "succeeded" }, 2]);
  await provider.shutdown();
});
