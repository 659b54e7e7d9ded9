import { createTestClock } from "@fairlead/testing";
import { expect, test, vi } from "vitest";
import { memoryStore } from "../store/memory-store.js";
import type { Runtime } from "./runtime.js";
import { createWaitingRoom } from "./waiting-room.js";

const runtime = { log: { info: () => undefined, warn: () => undefined, error: () => undefined } } as unknown as Runtime;

test("what is written while it looks is looked at as soon as it has", async () => {
  const clock = createTestClock();
  const store = memoryStore({ clock });
  const answers: ((due: []) => void)[] = [];
  const timers = { ...store.timers, due: () => new Promise<[]>((resolve) => answers.push(resolve)) };
  const watch: typeof store.watch = async function* (options) {
    for await (const change of store.watch(options)) {
      yield change;
      heard += 1;
    }
  };
  let heard = 0;
  const later = () => Promise.resolve(clock.now() + 60_000);
  const room = createWaitingRoom({ store: { ...store, timers, watch }, clock, application: "shop", resume: later });
  room.add(runtime, "dep_1", clock.now() + 10_000);
  await vi.waitFor(() => expect(answers).toHaveLength(1), { timeout: 60_000 });
  answers[0]?.([]);
  // Its alarm.
  await clock.advance("10s");
  await vi.waitFor(() => expect(answers).toHaveLength(2), { timeout: 60_000 });
  const event = { type: "test", at: "2026-01-02T03:04:05.678Z", data: {}, hash: "sha256:0" };
  await store.commit({ streams: [{ name: "deployment/shop/dep_2", expectedVersion: 0, events: [event] }] });
  await vi.waitFor(() => expect(heard).toBe(1), { timeout: 60_000 });
  answers[1]?.([]);
  await vi.waitFor(() => expect(answers).toHaveLength(3), { timeout: 60_000 });
  const stopped = room.stop();
  answers[2]?.([]);
  await stopped;
});
