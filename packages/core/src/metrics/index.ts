export { functionMetrics, type FunctionMetricsOptions } from "./function-metrics.js";
export { httpMetrics, type HttpMetricsOptions } from "./http-metrics.js";
export { prometheus, type PrometheusOptions } from "./prometheus.js";
export type { MetricNumbers } from "./series.js";
export { takeSample, type Look, type MeasuredMetric } from "./take-sample.js";
