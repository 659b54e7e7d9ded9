import { context, metrics, SpanKind, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { subscribe } from "node:diagnostics_channel";
import { writeFileSync } from "node:fs";

// Preloaded: a host that collects spans and metrics, also of the requests that it makes, and leaves them in the file `TELEMETRY` when the process has nothing left to do.
const spans = new InMemorySpanExporter();
const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const meters = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })] });
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }));
metrics.setGlobalMeterProvider(meters);
context.setGlobalContextManager(new AsyncLocalStorageContextManager());

interface RequestMessage {
  readonly request: { readonly origin: string; readonly path: string; readonly method: string };
}

// As the instrumentation of undici does it, which most hosts load.
subscribe("undici:request:create", (message) => {
  const { origin, path, method } = (message as RequestMessage).request;
  const attributes = { "url.full": `${origin}${path}`, "url.path": path };
  trace.getTracer("requests").startSpan(method, { kind: SpanKind.CLIENT, attributes }).end();
});

process.once("beforeExit", () => {
  void meters.forceFlush().then(() => {
    const told = spans.getFinishedSpans().map(({ name, attributes, events, status, links, resource }) => ({
      name,
      attributes,
      events,
      status,
      links,
      resource: resource.attributes,
    }));
    writeFileSync(process.env["TELEMETRY"] ?? "", JSON.stringify({ spans: told, metrics: exporter.getMetrics() }));
  });
});
