import { context, metrics, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createScene } from "./scene.js";

const spans = new InMemorySpanExporter();
const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const meters = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 })] });

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(tracers);
  metrics.setGlobalMeterProvider(meters);
});
afterAll(async () => {
  await tracers.shutdown();
  await meters.shutdown();
});

test("a deployment is a trace, each of its steps a span in it, and its duration a metric", async () => {
  const { deployer, health, source } = createScene();
  await using _ = deployer;
  await (await deployer.deploy({ environment: "development", source: await source("one") })).result();
  health.live = "down";
  await (await deployer.deploy({ environment: "development", source: await source("two") })).result();
  const finished = spans.getFinishedSpans();
  const [first, second] = finished.filter(({ name }) => name === "RUN shop");
  expect(first?.attributes).toMatchObject({
    "cicd.pipeline.name": "shop",
    "cicd.pipeline.result": "success",
    "deployment.environment.name": "development",
  });
  expect(second?.attributes).toMatchObject({ "cicd.pipeline.result": "failure", "error.type": "BAKE_FAILED" });
  const tasks = (run: typeof first) =>
    finished
      .filter(({ parentSpanContext }) => parentSpanContext?.spanId === run?.spanContext().spanId)
      .map(({ attributes }) => attributes["cicd.pipeline.task.name"]);
  expect(tasks(first)).toEqual(["preflight", "web.prepare", "web.verify", "web.promote", "bake"]);
  expect(tasks(second)).toEqual(["preflight", "web.prepare", "web.verify", "web.promote", "bake", "undo web.promote", "undo web.prepare"]);
  await meters.forceFlush();
  const names = exporter
    .getMetrics()
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics.map(({ descriptor }) => descriptor.name)));
  expect(new Set(names)).toEqual(new Set(["cicd.pipeline.run.duration", "cicd.pipeline.run.active", "cicd.pipeline.run.errors"]));
});
