import { createDeployer, image, sqliteStore, type Notification } from "@fairlead/core";
import { runCli } from "@fairlead/core/cli";
import { metrics, trace } from "@opentelemetry/api";
import { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { talkative } from "./talkative-plugin.js";

// Deploys, asks and rolls back with a plugin that says its token wherever it can, and leaves in a folder what came out anywhere.
const folder = process.argv[2] ?? "";
const spans = new InMemorySpanExporter();
const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const meters = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 })] });
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }));
metrics.setGlobalMeterProvider(meters);

const { TOKEN = "" } = process.env;
const messages: Notification[] = [];
const heard: unknown[] = [];
const logged: unknown[] = [];
const thrown: unknown[] = [];

function deployerOf(reference: string) {
  const deployer = createDeployer({
    application: "shop",
    store: sqliteStore({ path: join(folder, "journal.db") }),
    plugins: [talkative((notification) => messages.push(notification))],
    environments: {
      development: {
        components: { web: { target: "talkative", source: image(reference) } },
        verify: { within: "2s", successes: 1 },
        timeouts: { settle: "0s" },
      },
    },
  });
  deployer.onAny((event) => heard.push(event));
  deployer.onLog((entry) => logged.push(entry));
  deployer.on("step.started", () => {
    throw new Error(`posting to https://shop:${TOKEN}@chat.example.com failed`);
  });
  return deployer;
}

async function run(words: string, reference = "shop:good"): Promise<void> {
  for (const argv of [words.split(" "), [...words.split(" "), "--json"]]) {
    await runCli(deployerOf(reference), { argv, name: "node deploy.ts", setExitCode: () => undefined });
  }
}

await run("deploy development");
for (const command of ["status", "doctor", "health", "plan", "history"]) await run(`${command} development`, "shop:next");
await run("deploy development", "shop:refused");
await run("logs development");
await run("deploy development", "shop:broken");
await run("rollback development");

await using deployer = deployerOf("shop:good");
deployer.useSecrets({ resolve: async () => ({ TOKEN: { value: TOKEN } }) });
await deployer.rollback({ environment: "development" }).catch((error: unknown) => thrown.push(inspect(error, { depth: 9 })));

await meters.forceFlush();
const leave = (name: string, value: unknown): void => {
  writeFileSync(join(folder, name), JSON.stringify(value));
};
leave("events", heard);
leave("log lines", logged);
leave("messages", messages);
leave("thrown errors", thrown);
const told = spans
  .getFinishedSpans()
  .map(({ name, attributes, events, status, resource }) => ({ name, attributes, events, status, resource: resource.attributes }));
leave("spans and metrics", [told, exporter.getMetrics()]);
