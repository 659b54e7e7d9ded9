export * from "./analysis/index.js";
export * from "./metrics/index.js";
export type { MetricQuestion, MetricReading, MetricSeries, MetricSource } from "./contract/metrics.js";
