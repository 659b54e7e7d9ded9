import {
  fail,
  systemClock,
  toMilliseconds,
  type Clock,
  type ComponentReference,
  type Duration,
  type TrafficAbilities,
  type TrafficCount,
  type TrafficRouter,
  type TrafficWeights,
} from "@fairlead/core";
import { problemOfShares } from "../shares/problem-of-shares.js";
import { fakeErrors } from "./fake-errors.js";
import { createFakeProvider, placeOf, requireWorld, type FakeEffect, type FakeFault, type FakeProvider } from "./fake-provider.js";
import { beginShift, withWeights, type FakeShift } from "./fake-shift.js";
import { withFault } from "./with-fault.js";

export interface FakeTrafficOptions {
  /** Whose requests it shares out: the one that `createFakeTarget` deploys to. Default: one of its own. Routers on one provider see the same shifts. */
  readonly provider?: FakeProvider;
  /** What it can do. Default: any percentage, draining, sessions kept by cookie, counting, no request lost. */
  readonly abilities?: Partial<TrafficAbilities>;
  /** How long changes take, on the clock. Default `"0ms"`. */
  readonly takes?: Duration;
  /** Default: the machine's. */
  readonly clock?: Clock;
}

/** A router that keeps the contract and sends nothing anywhere, and whose requests it shares out. */
export interface FakeTraffic extends TrafficRouter {
  readonly provider: FakeProvider;
}

/**
 * Makes a router in memory that keeps the contract. What it did is in `traffic.provider.effects`, `traffic.provider.ask` says who answers a request, `traffic.provider.fault` makes calls go wrong.
 * With a `drain` it waits for the requests in flight; without one it only says how many there are.
 */
export function createFakeTraffic(options: FakeTrafficOptions = {}): FakeTraffic {
  const { provider = createFakeProvider(), takes = "0ms", clock = systemClock } = options;
  const abilities: TrafficAbilities = {
    weights: "any",
    drain: true,
    affinity: "cookie",
    segments: [],
    metrics: true,
    lossless: true,
    ...options.abilities,
  };
  const world = requireWorld(provider);
  const time = toMilliseconds(takes);

  const call = <Result>(method: FakeFault["method"], signal: AbortSignal, act: () => Promise<Result> | Result): Promise<Result> =>
    withFault(world.takeFault(method), () => fail(fakeErrors, "FAKE_TRAFFIC_FAILED", { method }), signal, act);
  const change = (method: FakeFault["method"], signal: AbortSignal, act: () => void): Promise<void> =>
    call(method, signal, async () => {
      if (time > 0) await clock.sleep(time, { signal });
      act();
    });
  const record = (kind: FakeEffect["kind"], { component }: ComponentReference, shift: FakeShift, details: Partial<FakeEffect>): void => {
    const { candidate } = shift;
    world.record({ kind, component, candidate, release: world.records.get(candidate)?.release ?? "", ...details });
  };
  const send = (component: ComponentReference, shift: FakeShift, weights: TrafficWeights): void => {
    const next = withWeights(shift, weights);
    if (next.weights[shift.candidate] === shift.weights[shift.candidate]) return;
    world.shifts.set(placeOf(component), next);
    record("share.set", component, shift, { share: next.weights[shift.candidate] ?? 0 });
  };

  return {
    provider,
    describe: () => abilities,

    open: (input, { signal }) =>
      change("open", signal, () => {
        const place = placeOf(input);
        const [stable, candidate] = [input.stable.id, input.candidate.id];
        const shift = world.shifts.get(place);
        if (shift?.stable === stable && shift.candidate === candidate) return;
        for (const id of [stable, candidate]) {
          if (world.records.get(id)?.place !== place) throw fail(fakeErrors, "FAKE_CANDIDATE_GONE", { candidate: id });
        }
        const begun = beginShift({ stable, candidate, steps: [...input.steps] });
        world.shifts.set(place, begun);
        record("shift.opened", input, begun, { from: stable });
      }),

    setWeights: (input, { signal }) =>
      change("setWeights", signal, () => {
        const shift = world.shifts.get(placeOf(input));
        const problem = problemOfShares(shift, input.weights, abilities.weights);
        if (shift === undefined || problem !== undefined) throw fail(fakeErrors, "FAKE_SHARES_REFUSED", { problem: problem ?? "" });
        send(input, shift, input.weights);
      }),

    getWeights: (input, { signal }) =>
      call("getWeights", signal, (): TrafficWeights => {
        const place = placeOf(input);
        const shift = world.shifts.get(place);
        if (shift !== undefined) return { ...shift.weights };
        const serving = world.servingAt.get(place);
        return serving === undefined ? {} : { [serving]: 100 };
      }),

    ...(abilities.metrics && {
      counts: (input, { signal }) =>
        call("counts", signal, (): readonly TrafficCount[] =>
          [...world.counts]
            .filter(([id]) => world.records.get(id)?.place === placeOf(input))
            .map(([id, count]) => ({ candidate: id, ...count })),
        ),
    }),

    drain: (input, { signal }) =>
      call("drain", signal, async () => {
        const place = placeOf(input);
        const { id } = input.candidate;
        const shift = world.shifts.get(place);
        if (shift === undefined && world.servingAt.get(place) === id) throw fail(fakeErrors, "FAKE_CANDIDATE_SERVES", { candidate: id });
        if (shift !== undefined && [shift.stable, shift.candidate].includes(id))
          send(input, shift, { [shift.stable]: 100, [shift.candidate]: 100, [id]: 0 });
        if (abilities.drain) await ended(world.inFlight(id), signal);
        return { inFlight: world.inFlight(id).length };
      }),

    close: (input, { signal }) =>
      change("close", signal, () => {
        const shift = world.shifts.get(placeOf(input));
        if (shift === undefined) return;
        world.shifts.delete(placeOf(input));
        record("shift.closed", input, shift, { from: shift.stable });
      }),
  };
}

/** Waits for all of them, or for the abort. */
async function ended(requests: readonly Promise<unknown>[], signal: AbortSignal): Promise<void> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => {
    reject(signal.reason as Error);
  };
  signal.addEventListener("abort", onAbort, { once: true });
  await Promise.race([Promise.all(requests), aborted]).finally(() => {
    signal.removeEventListener("abort", onAbort);
  });
}
