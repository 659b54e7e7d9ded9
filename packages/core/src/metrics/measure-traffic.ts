import type { CounterReading, Totals } from "../analysis/counter.js";
import type { Measurement } from "../analysis/measurement.js";
import type { CallOptions } from "../contract/call.js";
import type { ComponentReference } from "../contract/target.js";
import type { TrafficCount, TrafficRouter } from "../contract/traffic.js";

/** Requests and errors of a candidate and of what serves beside it, as the router counts them that sends both their shares. Rejects where it cannot be asked. */
export async function measureTraffic(
  { router, name }: { readonly router: TrafficRouter; readonly name: string },
  component: ComponentReference,
  candidate: string,
  call: CallOptions,
): Promise<Measurement> {
  const [weights, counts] = await Promise.all([router.getWeights(component, call), router.counts?.(component, call)]);
  const beside = Object.keys(weights).find((id) => id !== candidate);
  if (counts === undefined) return { kind: "trouble", problem: `${name} counts no requests` };
  if (weights[candidate] === undefined || beside === undefined)
    return { kind: "trouble", problem: `${name} sends no shares of the traffic to the candidate and to what serves beside it` };
  return {
    kind: "counters",
    sides: { candidate: readingOf(counts, candidate), baseline: readingOf(counts, beside) },
    asked: [{ query: `what ${name} counts` }],
  };
}

/** The router sends to both, so that one it has counted nothing of had no request. */
function readingOf(counts: readonly TrafficCount[], candidate: string): CounterReading {
  const own = counts.filter((count) => count.candidate === candidate);
  const totals = (of: (count: TrafficCount) => number): Totals => Object.fromEntries(own.map((one) => [one.instance ?? "", of(one)]));
  return { requests: totals(({ requests }) => requests), events: totals(({ errors }) => errors) };
}
