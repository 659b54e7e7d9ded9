import {
  digestOf,
  fail,
  systemClock,
  toMilliseconds,
  type Candidate,
  type Clock,
  type ComponentReference,
  type ComponentRole,
  type DeployTarget,
  type Duration,
  type LogLine,
  type PrepareInput,
} from "@fairlead/core";
import { fakeErrors } from "./fake-errors.js";
import {
  createFakeProvider,
  placeOf,
  requireWorld,
  type FakeFault,
  type FakeProvider,
  type FakeRecord,
  type FakeWorld,
} from "./fake-provider.js";
import { withFault } from "./with-fault.js";

export interface FakeTargetOptions {
  /** Where it deploys to. Default: a provider of its own. Targets on one provider see the same candidates. */
  readonly provider?: FakeProvider;
  /** Default: both. */
  readonly roles?: readonly ComponentRole[];
  /** How long calls take, on the clock. Default `"2ms"` to prepare, `"0ms"` to promote. */
  readonly takes?: { readonly prepare?: Duration; readonly promote?: Duration };
  /** Default: the machine's. */
  readonly clock?: Clock;
}

/** A target that keeps the contract and deploys nothing, and what it did. */
export interface FakeTarget extends DeployTarget {
  readonly provider: FakeProvider;
  readonly discard: NonNullable<DeployTarget["discard"]>;
  readonly logs: NonNullable<DeployTarget["logs"]>;
  readonly resolve: NonNullable<DeployTarget["resolve"]>;
}

/** Makes a target in memory that keeps the contract. What it did is in `target.provider.effects`; `target.provider.fault` makes calls go wrong. */
export function createFakeTarget(options: FakeTargetOptions = {}): FakeTarget {
  const { provider = createFakeProvider(), roles = ["web", "worker"], takes = {}, clock = systemClock } = options;
  const world = requireWorld(provider);
  const prepareTime = toMilliseconds(takes.prepare ?? "2ms");
  const promoteTime = toMilliseconds(takes.promote ?? "0ms");
  const call = <Result>(method: FakeFault["method"], signal: AbortSignal, act: () => Promise<Result> | Result): Promise<Result> =>
    withFault(world.takeFault(method), () => fail(fakeErrors, "FAKE_TARGET_FAILED", { method }), signal, act);

  return {
    provider,
    roles,
    description: "fake target",

    prepare: (input, { signal }) =>
      call("prepare", signal, async () => {
        const now = clock.now();
        const record = findByKey(world, input, input.key) ?? make(world, input, { now, readyAt: now + prepareTime });
        while (clock.now() < record.readyAt) await clock.sleep(record.readyAt - clock.now(), { signal });
        return record.candidate;
      }),

    observe: (input, { signal }) =>
      call("observe", signal, () => {
        const record = findByKey(world, input, input.key);
        if (record === undefined) return { status: "absent" } as const;
        const { candidate, readyAt } = record;
        return { status: clock.now() < readyAt ? "in-progress" : "applied", candidate };
      }),

    async resolve({ reference }, { signal }) {
      signal.throwIfAborted();
      const [name = "", pinned] = reference.split("@", 2);
      const digest = pinned ?? digestOf(name);
      return { digest, pinned: `${name}@${digest}` };
    },

    promote: (input, { signal }) =>
      call("promote", signal, async () => {
        const record = requireRecord(world, input);
        if (promoteTime > 0) await clock.sleep(promoteTime, { signal });
        move(world, input, record, clock.now());
      }),

    current: (component, { signal }) =>
      call("current", signal, () => {
        const record = world.records.get(world.servingAt.get(placeOf(component)) ?? "");
        return record === undefined ? undefined : { candidate: record.candidate, release: record.release, settled: true };
      }),

    discard: (input, { signal }) =>
      call("discard", signal, () => {
        const { id } = input.candidate;
        const record = world.records.get(id);
        if (record === undefined || record.place !== placeOf(input)) return;
        if (world.servingAt.get(record.place) === id) throw fail(fakeErrors, "FAKE_CANDIDATE_SERVES", { candidate: id });
        world.records.delete(id);
        world.record({ kind: "candidate.removed", component: input.component, candidate: id, release: record.release });
      }),

    retained: (component, { signal }) =>
      call("retained", signal, () =>
        [...world.records.values()]
          .filter(
            ({ place, served, candidate }) => place === placeOf(component) && served > 0 && world.servingAt.get(place) !== candidate.id,
          )
          .sort((one, other) => other.served - one.served)
          .map(({ candidate, release, createdAt }) => ({ candidate, release, createdAt: new Date(createdAt).toISOString() })),
      ),

    async *logs(input, { signal }): AsyncIterable<LogLine> {
      signal.throwIfAborted();
      const since = input.since === undefined ? 0 : Date.parse(input.since);
      for (const { at, text } of world.records.get(input.candidate.id)?.lines ?? []) {
        if (at >= since) yield { at: new Date(at).toISOString(), text, stream: "stdout" };
      }
    },
  };
}

function findByKey(world: FakeWorld, component: ComponentReference, key: string): FakeRecord | undefined {
  return [...world.records.values()].find((record) => record.key === key && record.place === placeOf(component));
}

function requireRecord(world: FakeWorld, input: ComponentReference & { readonly candidate: Candidate }): FakeRecord {
  const record = world.records.get(input.candidate.id);
  if (record === undefined || record.place !== placeOf(input))
    throw fail(fakeErrors, "FAKE_CANDIDATE_GONE", { candidate: input.candidate.id });
  return record;
}

function make(world: FakeWorld, input: PrepareInput, { now, readyAt }: { readonly now: number; readonly readyAt: number }): FakeRecord {
  const id = `fake-${String(world.nextNumber())}`;
  const record: FakeRecord = {
    candidate: input.role === "web" ? { id, url: `https://${id}.example` } : { id },
    place: placeOf(input),
    key: input.key,
    release: input.release.id,
    createdAt: now,
    lines: [{ at: now, text: `made from ${input.artifact.digest}` }],
    readyAt,
    served: 0,
  };
  world.records.set(id, record);
  world.record({ kind: "candidate.made", component: input.component, candidate: id, release: record.release });
  return record;
}

function move(world: FakeWorld, { component }: ComponentReference, record: FakeRecord, now: number): void {
  const { candidate, place, release } = record;
  const from = world.servingAt.get(place);
  if (from === candidate.id) return;
  world.servingAt.set(place, candidate.id);
  record.served = world.nextNumber();
  record.lines.push({ at: now, text: "serves" });
  world.record({ kind: "traffic.moved", component, candidate: candidate.id, release, ...(from === undefined ? {} : { from }) });
}
