import { expect, test } from "vitest";
import { coreErrors, fail, image, memoryStore, type DeployTarget, type Notifier, type Store } from "../../src/index.js";
import { currentProcess } from "../../src/engine/process-identity.js";
import { createTestClock, pass, type TestClock } from "../cli/test-clock.js";
import { createScene, targetInMemory } from "./scene.js";

const refuses: Notifier["deliver"] = () => Promise.reject(fail(coreErrors, "STEP_TIMEOUT", { step: "notify", after: "1 s" }));
const hangs: Notifier["deliver"] = () => new Promise(() => undefined);

const takes =
  (events: string[]): Notifier["deliver"] =>
  async ({ event }) => {
    events.push(event);
    return {};
  };

/** A store that stays when its deployer is closed, as another process finds it. */
function lastingStore(clock: TestClock): Store {
  return { ...memoryStore({ clock }), close: () => Promise.resolve() };
}

const release = { environment: "development", source: image("shop:1") } as const;

test("closing does not wait for messages that cannot be delivered in time, nor for those behind them", async () => {
  const clock = createTestClock();
  const store = lastingStore(clock);
  const { deployer } = createScene({ clock, store, channels: { chat: refuses } });
  await pass(clock, (await deployer.deploy(release)).result());
  // From here on the next attempt with the first message is further away than closing waits. The second message waits behind it.
  await pass(clock, clock.sleep(10_000));
  await pass(clock, deployer.close());
  const again = createScene({ clock, store, channels: { chat: refuses } });
  const begun = clock.now();
  await again.deployer.status("development");
  await pass(clock, again.deployer.close());
  expect(clock.now() - begun).toBeLessThan(1_000);
});

test("status lists the messages that wait, and recovering delivers them at the end", async () => {
  const clock = createTestClock();
  const store = lastingStore(clock);
  const first = createScene({ clock, store, channels: { chat: refuses } });
  await pass(clock, (await first.deployer.deploy(release)).result());
  await pass(clock, first.deployer.close({ within: "0s" }));

  const titles: string[] = [];
  const second = createScene({
    clock,
    store,
    channels: { chat: takes(titles) },
  });
  await pass(clock, clock.sleep(60_000));
  const { waiting } = await createScene({ clock, store }).deployer.status("development");
  expect(waiting.map(({ notification }) => notification.event)).toEqual(["deployment.succeeded", "deployment.created"]);
  expect(await second.deployer.recover()).toEqual({ deployments: [], refusals: [] });
  await pass(clock, second.deployer.close());
  expect(titles).toEqual(["deployment.created", "deployment.succeeded"]);
});

test("what falls due when closing is nearly over is not begun: cut off, it would count as a try", async () => {
  const clock = createTestClock();
  const store = lastingStore(clock);
  const { deployer } = createScene({ clock, store, channels: { chat: refuses } });
  await pass(clock, (await deployer.deploy(release)).result());
  await pass(clock, clock.sleep(10_000));
  const about = { application: "shop", environment: "development" };
  const [due] = await store.outbox.lease({ ...about, channels: ["chat"], holder: "somebody", ttl: 1_000, takeOver: [], limit: 1 });
  const error = { code: "STEP_TIMEOUT", message: "", hint: "" };
  await store.outbox.settle(due?.id ?? "", "somebody", { state: "pending", delay: 4_500, error });
  const waiting = () => store.outbox.list({ ...about, limit: 10 });
  const before = await waiting();
  await pass(clock, deployer.close());
  await pass(clock, clock.sleep(10_000));
  expect(await waiting()).toEqual(before);
});

test("a worker takes a deployment over at once, whatever channels do", async () => {
  const clock = createTestClock();
  const store = lastingStore(clock);
  const stuck = (effects: string[]): DeployTarget => ({ ...targetInMemory(effects), prepare: () => new Promise(() => undefined) });
  const first = createScene({ clock, store, channels: { chat: hangs }, target: stuck });
  const { id } = await first.deployer.deploy(release);
  await clock.advance(1_000);
  await pass(clock, first.deployer.close({ within: "0s" }));
  const closedAt = clock.now();

  // When the lease ends, the worker has a message in hand that hangs.
  await pass(clock, clock.sleep(8_000));
  const second = createScene({ clock, store, channels: { chat: hangs }, target: stuck });
  const leaving = new AbortController();
  const work = second.deployer.work({ signal: leaving.signal });
  await pass(clock, clock.sleep(30_000));
  leaving.abort();
  await pass(clock, work);
  await pass(clock, second.deployer.close({ within: "0s" }));
  const starts = (await store.read(`deployment/shop/${id}`)).filter(({ type }) => type === "deployment.started");
  expect(starts).toHaveLength(2);
  // The lease lasts 15 s, and a worker looks every second.
  expect(Date.parse(starts[1]?.at ?? "") - closedAt).toBeLessThanOrEqual(16_000);
});

test("a channel that hangs keeps no other from its next message", async () => {
  const clock = createTestClock();
  const taken: string[] = [];
  const { deployer } = createScene({ clock, channels: { chat: hangs, mail: takes(taken) } });
  await pass(clock, (await deployer.deploy(release)).result());
  const ended = clock.now();
  const closing = deployer.close();
  await clock.advance(200);
  expect(taken).toEqual(["deployment.created", "deployment.succeeded"]);
  await pass(clock, closing);
  expect(clock.now() - ended).toBeLessThanOrEqual(5_100);
});

test.for([
  { who: "alive", holder: currentProcess("alive"), delivered: [] },
  { who: "dead", holder: { ...currentProcess("dead"), started: "before this process" }, delivered: ["deployment.started"] },
])("a message in the hands of a process that is $who", async ({ holder, delivered }) => {
  const clock = createTestClock();
  const store = lastingStore(clock);
  const about = { application: "shop", environment: "development" };
  const notification = { ...about, id: "m1", event: "deployment.started", severity: "info", title: "Begun", text: "" } as const;
  const message = { ...about, id: "m1", dedupeKey: "m1", channel: "chat", lane: "chat" };
  await store.commit({
    streams: [],
    outbox: [{ ...message, notification: { ...notification, fields: [], links: [], at: new Date(clock.now()).toISOString() } }],
  });
  await store.outbox.lease({ ...about, channels: ["chat"], holder: JSON.stringify(holder), ttl: 60_000, limit: 1 });

  const taken: string[] = [];
  const { deployer } = createScene({ clock, store, channels: { chat: takes(taken) } });
  await deployer.recover();
  await pass(clock, deployer.close());
  expect(taken).toEqual(delivered);
});

test("what could not be delivered is delivered once somebody asks for it again", async () => {
  const clock = createTestClock();
  const store = lastingStore(clock);
  const gone: Notifier["deliver"] = () => Promise.reject(fail(coreErrors, "NOTIFIER_CHANNEL_GONE", { channel: "chat", problem: "404" }));
  const first = createScene({ clock, store, channels: { chat: gone } });
  await pass(clock, (await first.deployer.deploy(release)).result());
  await pass(clock, first.deployer.close());

  const titles: string[] = [];
  const second = createScene({ clock, store, channels: { chat: takes(titles) } });
  const { deadLetters } = await second.deployer.status("development");
  expect(deadLetters).toHaveLength(2);
  expect(await second.deployer.redeliver({ environment: "development" })).toBe(2);
  expect(await second.deployer.redeliver({ environment: "development" })).toBe(0);
  await pass(clock, second.deployer.close());
  expect(titles).toEqual(["deployment.created", "deployment.succeeded"]);
});
