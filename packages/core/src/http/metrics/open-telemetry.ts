import type { Family } from "./family.js";
import type { Sample } from "./sums.js";

interface ObservableResult {
  observe(value: number, attributes?: Record<string, string>): void;
}

interface Observable {
  addCallback(callback: (result: ObservableResult) => void | Promise<void>): void;
}

/** A meter of OpenTelemetry, as far as it is used: `metrics.getMeter("shop")`. */
export interface MetricsMeter {
  createObservableGauge(name: string, options: { readonly description: string; readonly unit: string }): Observable;
  createObservableCounter(name: string, options: { readonly description: string; readonly unit: string }): Observable;
}

/** The same facts as observable instruments. What cannot be read is left out of that collection. */
export function observeWith(meter: MetricsMeter, families: readonly Family[]): void {
  for (const { dotted, help, unit, kind, read } of families) {
    const options = { description: help, unit };
    const instrument = kind === "gauge" ? meter.createObservableGauge(dotted, options) : meter.createObservableCounter(dotted, options);
    instrument.addCallback(async (result) => {
      const samples: readonly Sample[] = await Promise.resolve(read()).catch(() => []);
      for (const { labels, value } of samples) result.observe(value, { ...labels });
    });
  }
}
