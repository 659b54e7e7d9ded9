import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { CheckResult } from "../contract/check.js";
import { systemClock } from "../time/clock.js";
import { createCheckRunner } from "./check-runner.js";

const silent = () => undefined;
const log = { info: silent, warn: silent, error: silent };
const { signal } = new AbortController();

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("whoever asks while a run is under way gets its answer", async () => {
  const run = vi.fn(() => new Promise<CheckResult>((resolve) => setTimeout(resolve, 1_000, { status: "up" })));
  const runner = createCheckRunner({ name: "database", run }, log, systemClock);
  const answers = Promise.all(Array.from({ length: 100 }, () => runner.ask(signal)));
  await vi.advanceTimersByTimeAsync(500);
  const later = runner.ask(signal);
  await vi.advanceTimersByTimeAsync(500);
  expect(new Set([...(await answers), await later])).toEqual(new Set([{ status: "up", latency: 1_000 }]));
  expect(run).toHaveBeenCalledOnce();
  expect(runner.isOverdue()).toBe(false);
  void runner.ask(signal);
  expect(run).toHaveBeenCalledTimes(2);
});

test("whoever asks while a run is overdue is told so, until it ends, even by failing", async () => {
  let end: (error: Error) => void = silent;
  const run = vi.fn(() => new Promise<CheckResult>((_, reject) => (end = reject)));
  const runner = createCheckRunner({ name: "database", timeout: "1s", run }, log, systemClock);
  const first = runner.ask(signal);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await first).toMatchObject({ status: "down", reason: "timeout", latency: 1_000 });
  expect(runner.isOverdue()).toBe(true);
  await vi.advanceTimersByTimeAsync(4_000);
  expect(await runner.ask(signal)).toMatchObject({ status: "down", reason: "timeout", latency: 5_000 });
  expect(run).toHaveBeenCalledOnce();
  end(new Error("too late"));
  await vi.advanceTimersByTimeAsync(0);
  expect(runner.isOverdue()).toBe(false);
  void runner.ask(signal);
  expect(run).toHaveBeenCalledTimes(2);
});
