import {
  createDeployer,
  definePlugin,
  image,
  memoryStore,
  secret,
  type AnyPlugin,
  type CheckStatus,
  type DeploymentResult,
  type Store,
  type StoredEvent,
} from "@fairlead/core";
import { createFakeTarget, createTestClock, type TestClock } from "@fairlead/testing";
import type { MessageSink, SmtpInbox } from "@fairlead/testing/emulators";
import { vi } from "vitest";
import * as z from "zod";
import { discord, email, slack, webhook } from "../../src/index.js";
import { createGauge, type Gauge } from "./gauge.js";

/** What the channels do while the deployments run. */
export type Weather = "working" | "refusing" | "hanging";

/** What came of the same two deployments, of which the second takes itself back. */
export interface Course {
  readonly phases: readonly DeploymentResult["phase"][];
  /** All that the store remembers of them, in order. */
  readonly journals: readonly StoredEvent[];
  /** Milliseconds on the clock that closing took. */
  readonly closing: number;
  /** Messages that waited when the deployer had closed. */
  readonly waiting: number;
  /** How often those had been tried by then that were: the first of each channel and deployment, which the others wait behind. */
  readonly tries: readonly number[];
  /** Messages that were given up in the end. */
  readonly dead: number;
}

export interface Channels {
  readonly sink: MessageSink;
  readonly inbox: SmtpInbox;
  /** Where nothing listens. */
  readonly closedPort: number;
}

/** Deploys twice in this weather. Then the channels work, and the next worker delivers what waits. */
export async function runCourse(channels: Channels, weather: Weather): Promise<Course> {
  const clock = createTestClock();
  // The receiver of signed webhooks looks at the system's time.
  vi.setSystemTime(clock.now());
  const store = memoryStore({ clock });
  // The next worker's store is the same one.
  const kept: Store = { ...store, close: () => Promise.resolve() };
  const [gauge, health] = [createGauge(), { live: "up" as CheckStatus }];
  const flow = <Result>(promise: Promise<Result>, isQuiet: () => boolean): Promise<Result> => passTime(clock, promise, isQuiet);
  const target = createFakeTarget({ clock, takes: { prepare: "20s", promote: "3s" } });
  const create = (secrets: Readonly<Record<string, string>>) => {
    const values = Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, { value }]));
    return createDeployer({
      application: "shop",
      clock,
      store: kept,
      secrets: { resolve: () => Promise.resolve(values) },
      plugins: [
        definePlugin({ id: "fake", provides: ["target"], options: z.strictObject({}), setup: () => ({ target }) })(),
        ...notifiers().map((notifier) => gauge.measure(notifier)),
      ],
      environments: {
        development: {
          target: "fake",
          source: image("shop:1"),
          bake: { for: "60s", every: "5s" },
          checks: [{ scope: "application", name: "checkout", run: () => ({ status: health.live }) }],
          timeouts: { settle: "0s" },
        },
      },
    });
  };

  if (weather === "hanging") await makeHang(channels);
  // What hangs is waited for by the clock alone.
  const isQuiet = (): boolean => weather === "hanging" || gauge.inFlight === 0;
  const deployer = create(weather === "refusing" ? secretsAt(channels, channels.closedPort) : secretsAt(channels));
  const first = await deployer.deploy({ environment: "development" });
  const results = [await flow(first.result(), isQuiet)];
  health.live = "down";
  const second = await deployer.deploy({ environment: "development", source: image("shop:2") });
  results.push(await flow(second.result(), isQuiet));
  const closesAt = clock.now();
  await flow(deployer.close(), isQuiet);
  const closing = clock.now() - closesAt;
  const journals = await journalsOf(store, ["deployment/shop/", "environment/shop/", "log/shop/"]);
  const pending = await store.outbox.list({ application: "shop", state: "pending", limit: 1000 });

  await Promise.all([channels.sink.clearFaults(), channels.inbox.clearFaults()]);
  await deliverRest(create(secretsAt(channels)), { store, clock, gauge });
  return {
    phases: results.map(({ phase }) => phase),
    journals,
    closing,
    waiting: pending.length,
    tries: pending.map(({ attempts }) => attempts).filter((attempts) => attempts > 0),
    dead: (await store.outbox.list({ application: "shop", state: "dead", limit: 1000 })).length,
  };
}

function notifiers(): readonly AnyPlugin[] {
  return [
    slack({ webhook: secret("SLACK_URL") }),
    discord({ webhook: secret("DISCORD_URL") }),
    webhook({ url: secret("HOOK_URL"), signingSecret: secret("HOOK_SECRET") }),
    email({ url: secret("SMTP_URL"), from: "Shop <deploy@shop.example>", to: "ops@shop.example" }),
  ];
}

function secretsAt({ sink, inbox }: Channels, port?: number): Readonly<Record<string, string>> {
  const at = (address: string): string => Object.assign(new URL(address), port === undefined ? {} : { port: String(port) }).href;
  return {
    SLACK_URL: at(sink.slackUrl),
    DISCORD_URL: at(sink.discordUrl),
    HOOK_URL: at(sink.webhookUrl),
    HOOK_SECRET: sink.webhookSecret,
    SMTP_URL: `smtp://${inbox.user}:${encodeURIComponent(inbox.password)}@${inbox.host}:${String(port ?? inbox.port)}`,
  };
}

/** Connections are taken and never answered. */
async function makeHang({ sink, inbox }: Channels): Promise<void> {
  await sink.fault({ kind: "hang", every: true });
  await inbox.fault({ kind: "hang", match: { operation: "smtp.connect" }, every: true });
}

/** Works until no message waits any more. */
async function deliverRest(
  worker: ReturnType<typeof createDeployer>,
  { store, clock, gauge }: { readonly store: Store; readonly clock: TestClock; readonly gauge: Gauge },
): Promise<void> {
  const leaving = new AbortController();
  const delivered = async (): Promise<void> => {
    while ((await store.outbox.list({ application: "shop", state: "pending" })).length > 0) await clock.sleep(1_000);
    leaving.abort("everything is delivered");
  };
  const isQuiet = (): boolean => gauge.inFlight === 0;
  await passTime(clock, Promise.all([worker.work({ signal: leaving.signal }), delivered()]), isQuiet);
  await passTime(clock, worker.close(), isQuiet);
}

/** Lets time pass until the promise is settled, but none while `isQuiet` says that real answers are being waited for. */
async function passTime<Result>(clock: TestClock, promise: Promise<Result>, isQuiet: () => boolean): Promise<Result> {
  const over = new AbortController();
  const settle = (): void => {
    over.abort("it is settled");
  };
  promise.then(settle, settle);
  while (!over.signal.aborted) {
    await clock.advance("500ms");
    vi.setSystemTime(clock.now());
    while (!isQuiet()) await new Promise((resolve) => setImmediate(resolve));
  }
  return promise;
}

async function journalsOf(store: Store, prefixes: readonly string[]): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  for (const prefix of prefixes) {
    const { items } = await store.list({ prefix, order: "oldest", limit: 1000 });
    for (const { name } of items) events.push(...(await store.read(name)));
  }
  return events;
}
