import type { Duration } from "../time/duration.js";
import type { CallOptions } from "./call.js";

/** A number for a gate. `undefined` means that there is no data: never zero, never success. */
export interface MetricSource {
  query(
    input: { readonly query: string; readonly window: Duration },
    call: CallOptions,
  ): Promise<{ readonly value: number | undefined; readonly samples: number }>;
}
