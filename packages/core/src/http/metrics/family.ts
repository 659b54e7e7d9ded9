import type { Sample } from "./sums.js";

/** Numbers of one name, as every system of metrics is told them. */
export interface Family {
  /** For Prometheus. */
  readonly name: string;
  /** For OpenTelemetry. */
  readonly dotted: string;
  readonly help: string;
  readonly unit: string;
  readonly kind: "gauge" | "counter";
  readonly labels: readonly string[];
  readonly read: () => Promise<readonly Sample[]> | readonly Sample[];
}
