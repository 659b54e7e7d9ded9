import { createTestClock } from "@fairlead/testing";
import { beforeEach, expect, test, vi } from "vitest";
import { createTick } from "./tick.js";

const never = (): Promise<never> => new Promise(() => undefined);
const within = 50_000;
const onLate = vi.fn<(error: unknown) => void>();

beforeEach(() => onLate.mockClear());

test("does its parts in their order, and one that fails keeps none from its turn", async () => {
  const clock = createTestClock();
  const done: string[] = [];
  const problem = new Error("the store is away");
  const tick = createTick(
    [
      { name: "health", run: () => clock.sleep(10).then(() => done.push("health")) },
      { name: "status", run: () => Promise.reject(problem) },
      { name: "work", run: () => done.push("work") },
    ],
    { within, clock, onLate },
  );
  const result = tick();
  await clock.advance("10ms");
  expect(await result).toEqual({ unfinished: [], failures: [problem] });
  expect(done).toEqual(["health", "work"]);
});

test("ends in time: asks what runs to end, then answers without it", async () => {
  const clock = createTestClock();
  const asked = vi.fn<() => void>();
  const run = (signal: AbortSignal): Promise<never> => {
    signal.addEventListener("abort", asked);
    return never();
  };
  const tick = createTick([{ name: "work", run }], { within, clock, onLate });
  const answered = vi.fn<(result: unknown) => void>();
  void tick().then(answered);
  await clock.advance("44999ms");
  expect(asked).not.toHaveBeenCalled();
  await clock.advance("1ms");
  expect([asked.mock.calls.length, answered.mock.calls.length]).toEqual([1, 0]);
  await clock.advance("5s");
  expect(answered).toHaveBeenCalledExactlyOnceWith({ unfinished: ["work"], failures: [] });
});

test("one that hangs keeps none from its turn: each may take its share of what is left before the next begins beside it", async () => {
  const clock = createTestClock();
  const begun: [string, number][] = [];
  const zero = clock.now();
  const part = <Name extends string>(name: Name, run: () => unknown) => ({
    name,
    run: () => {
      begun.push([name, clock.now() - zero]);
      return run();
    },
  });
  const tick = createTick([part("health", never), part("status", () => clock.sleep(20_000)), part("work", never)], {
    within,
    clock,
    onLate,
  });
  const result = tick();
  await clock.advance("45s");
  expect(begun).toEqual([
    ["health", 0],
    ["status", 15_000],
    ["work", 30_000],
  ]);
  await clock.advance("5s");
  expect(await result).toEqual({ unfinished: ["health", "work"], failures: [] });
});

test("begins nothing once its time is up", async () => {
  const clock = createTestClock();
  let skipped = 0;
  const work = vi.fn<() => void>();
  const slow = () => clock.sleep(10).then(() => (skipped = 60_000));
  const stopped = { ...clock, now: () => clock.now() + skipped };
  const parts = [{ name: "status", run: slow } as const, { name: "work", run: work } as const];
  const result = createTick(parts, { within, clock: stopped, onLate })();
  await clock.advance("10ms");
  await clock.advance("50s");
  expect(await result).toEqual({ unfinished: ["work"], failures: [] });
  expect(work).not.toHaveBeenCalled();
});

test("what ends because it was asked to is not done", async () => {
  const clock = createTestClock();
  const run = (signal: AbortSignal): Promise<void> => clock.sleep(3_600_000, { signal });
  const result = createTick([{ name: "work", run }], { within, clock, onLate })();
  await clock.advance("45s");
  expect(await result).toEqual({ unfinished: ["work"], failures: [] });
  expect(onLate).not.toHaveBeenCalled();
});

test("what fails behind its time is told, also when nobody waits for the tick any more", async () => {
  const clock = createTestClock();
  const problem = new Error("the store is away");
  const run = (): Promise<void> => clock.sleep(60_000).then(() => Promise.reject(problem));
  const result = createTick([{ name: "work", run }], { within, clock, onLate })();
  await clock.advance("50s");
  expect(await result).toEqual({ unfinished: ["work"], failures: [] });
  expect(onLate).not.toHaveBeenCalled();
  await clock.advance("10s");
  await vi.waitFor(() => expect(onLate).toHaveBeenCalledExactlyOnceWith(problem));
});

test("two at once run each part once; one that hangs is not begun again, and keeps no other from its turn", async () => {
  const clock = createTestClock();
  const [health, work] = [vi.fn(() => clock.sleep(10)), vi.fn(never)];
  const tick = createTick(
    [
      { name: "health", run: health },
      { name: "work", run: work },
    ],
    { within, clock, onLate },
  );
  const both = Promise.all([tick(), tick()]);
  await clock.advance("50s");
  expect((await both).map(({ unfinished }) => unfinished)).toEqual([["work"], ["work"]]);
  expect([health.mock.calls.length, work.mock.calls.length]).toEqual([1, 1]);
  const later = tick();
  await clock.advance("50s");
  expect((await later).unfinished).toEqual(["work"]);
  expect([health.mock.calls.length, work.mock.calls.length]).toEqual([2, 1]);
});
