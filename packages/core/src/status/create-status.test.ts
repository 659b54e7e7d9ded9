import { createTestClock } from "@fairlead/testing";
import { afterEach, describe, expect, test } from "vitest";
import type { Store } from "../contract/store.js";
import type { HealthSnapshot } from "../health/index.js";
import { memoryStore } from "../store/memory-store.js";
import { foldBook } from "./book.js";
import { createStatus, type Status } from "./create-status.js";
import type { StatusOptions } from "./options.js";

type Says = "up" | "degraded" | "down";

const running: Status[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((status) => status.stop()));
});

/** What a process finds, as its checks would say it. */
function healthOf(says: Record<string, Says>, latency = 20) {
  return {
    snapshot: () =>
      ({
        checks: Object.entries(says).map(([name, status]) => ({ name, status, known: true, critical: true, latency })),
      }) as unknown as HealthSnapshot,
  };
}

function world({ processes = 1, ...options }: Partial<StatusOptions> & { readonly processes?: number } = {}) {
  const clock = createTestClock();
  const store = memoryStore({ clock });
  const says = Array.from({ length: processes }, (): Record<string, Says> => ({ web: "up", database: "up" }));
  const make = (index: number, on: Store = store): Status => {
    const status = createStatus({
      application: "shop",
      environment: "production",
      store: on,
      clock,
      instance: `shop-${index}`,
      page: { name: "Shop", url: "https://status.shop.example" },
      components: [
        { name: "web", title: "Website" },
        { name: "database", title: "Orders", group: "Behind" },
        { name: "support", title: "Support", checks: [] },
      ],
      notify: ["slack"],
      health: healthOf(says[index]!),
      ...options,
    });
    running.push(status);
    return status;
  };
  const statuses = says.map((_, index) => make(index));
  const messages = async () =>
    (await store.outbox.list({ application: "shop" })).map(({ notification }) => [notification.event, notification.severity]);
  return { clock, store, says, statuses, status: statuses[0]!, make, messages };
}

const begin = async (statuses: readonly Status[], clock: { advance(by: "1s"): Promise<void> }) => {
  for (const status of statuses) status.background();
  await clock.advance("1s");
};
const statusesOf = (status: Status) => Object.fromEntries(status.snapshot().components.map(({ name, status: is }) => [name, is]));

describe("from health", () => {
  test("nothing is well before somebody has looked", async () => {
    const { status, clock } = world();
    expect(status.snapshot()).toMatchObject({ rollUp: { status: "degraded" }, stale: true });
    await begin([status], clock);
    expect(status.snapshot()).toMatchObject({ rollUp: { status: "operational", indicator: "none" }, stale: false });
    expect(statusesOf(status)).toEqual({ web: "operational", database: "operational", support: "operational" });
  });

  test("an outage shows at once, opens one incident after a minute, and is resolved after five minutes of being well", async () => {
    const { status, clock, says, messages } = world();
    await begin([status], clock);
    says[0]!["web"] = "down";
    await clock.advance("10s");
    expect(statusesOf(status)).toMatchObject({ web: "major_outage", database: "operational" });
    expect(status.snapshot()).toMatchObject({ rollUp: { indicator: "major", status: "outage" }, incidents: [] });
    await clock.advance("40s");
    expect(status.snapshot().incidents).toEqual([]);
    await clock.advance("20s");
    expect(status.snapshot().incidents).toMatchObject([
      {
        title: "Website: major outage",
        status: "investigating",
        impact: "critical",
        origin: "health",
        components: { web: "major_outage" },
      },
    ]);
    says[0]!["web"] = "up";
    await clock.advance("10s");
    expect(statusesOf(status)).toMatchObject({ web: "operational" });
    expect(status.snapshot().incidents).toMatchObject([{ status: "investigating" }]);
    await clock.advance("1m");
    expect(status.snapshot().incidents).toMatchObject([{ status: "monitoring", resolvedAt: null }]);
    await clock.advance("4m");
    expect(status.snapshot().incidents).toMatchObject([{ status: "resolved", components: { web: "operational" } }]);
    expect(status.snapshot().incidents[0]!.updates.map((update) => update.status)).toEqual(["resolved", "monitoring", "investigating"]);
    expect(await messages()).toEqual([
      ["incident.resolved", "success"],
      ["incident.opened", "critical"],
    ]);
  });

  test("what is wrong for less than a minute opens nothing; the third time within a quarter of an hour it does", async () => {
    const { status, clock, says } = world();
    await begin([status], clock);
    for (const times of [1, 2, 3]) {
      says[0]!["web"] = "down";
      await clock.advance("30s");
      expect(status.snapshot().incidents).toHaveLength(times === 3 ? 1 : 0);
      says[0]!["web"] = "up";
      await clock.advance("2m");
    }
    await clock.advance("4m");
    expect(status.snapshot().incidents).toMatchObject([{ status: "resolved" }]);
  });

  test("what breaks with it or soon after belongs to the same incident, and getting worse is said once", async () => {
    const { status, clock, says, messages } = world();
    await begin([status], clock);
    says[0]!["web"] = "degraded";
    await clock.advance("70s");
    says[0]!["database"] = "down";
    await clock.advance("70s");
    says[0]!["web"] = "down";
    await clock.advance("30s");
    says[0]!["web"] = "degraded";
    await clock.advance("30s");
    says[0]!["web"] = "down";
    await clock.advance("30s");
    const { incidents } = status.snapshot();
    expect(incidents).toMatchObject([{ impact: "critical", components: { web: "major_outage", database: "major_outage" } }]);
    expect(incidents[0]!.updates).toHaveLength(3);
    expect(await messages()).toEqual([["incident.opened", "warning"]]);
  });

  test("one that a person has resolved does not open again while the same outage goes on", async () => {
    const { status, clock, says } = world();
    await begin([status], clock);
    says[0]!["web"] = "down";
    await clock.advance("70s");
    const [incident] = status.snapshot().incidents;
    await status.updateIncident({ id: incident!.id, status: "resolved", body: "We know, and it does not matter." });
    await clock.advance("10m");
    expect(status.snapshot().incidents).toMatchObject([{ id: incident!.id, status: "resolved" }]);
    expect(statusesOf(status)["web"]).toBe("major_outage");
    says[0]!["web"] = "up";
    await clock.advance("20m");
    says[0]!["web"] = "down";
    await clock.advance("70s");
    expect(status.snapshot().incidents.map((one) => one.status)).toEqual(["investigating", "resolved"]);
  });

  test("silence is not health: when nobody speaks for a component any more it is degraded, then an incident", async () => {
    const { clock, says, statuses } = world({ processes: 2 });
    delete says[0]!["database"];
    await begin(statuses, clock);
    expect(statusesOf(statuses[0]!)["database"]).toBe("operational");
    await statuses[1]!.stop();
    await clock.advance("50s");
    const [component] = statuses[0]!.snapshot().components.filter(({ name }) => name === "database");
    expect(component).toMatchObject({ status: "degraded_performance", known: false });
    await clock.advance("1m");
    expect(statuses[0]!.snapshot().incidents).toMatchObject([{ components: { database: "degraded_performance" }, impact: "minor" }]);
  });
});

describe("several processes", () => {
  test.each([
    [["down", "up", "up"], "degraded_performance"],
    [["down", "down", "up"], "major_outage"],
    [["down", "down", "degraded"], "major_outage"],
    [["degraded", "up", "up"], "degraded_performance"],
    [["up", "up", "up"], "operational"],
  ] as const)("%j say together %s", async (said, expected) => {
    const { clock, says, statuses } = world({ processes: 3 });
    said.forEach((one, index) => (says[index]!["web"] = one));
    await begin(statuses, clock);
    await clock.advance("20s");
    expect(statuses.map((status) => statusesOf(status)["web"])).toEqual([expected, expected, expected]);
  });

  test("one outage that all see is one incident and one message, also when the process that leads dies", async () => {
    const { clock, store, says, messages, make } = world({ processes: 3 });
    // A process that is killed says nothing any more, and gives nothing back.
    let killed = -1;
    const cut = (index: number): Store =>
      new Proxy(store, {
        get(target, member) {
          if (killed === index) return () => Promise.reject(new Error("killed"));
          return Reflect.get(target, member, target) as unknown;
        },
      });
    const statuses = [0, 1, 2].map((index) => make(index, cut(index)));
    await begin(statuses, clock);
    const holder = (await store.leases.read("status/shop/production"))!.holder["instance"];
    for (const one of says) one["web"] = "down";
    await clock.advance("55s");
    killed = Number((holder as string).at(-1));
    const [alive] = statuses.filter((_, index) => index !== killed);
    await clock.advance("2m");
    expect(alive!.snapshot().incidents).toHaveLength(1);
    expect((await store.leases.read("status/shop/production"))!.holder["instance"]).not.toBe(holder);
    expect(await messages()).toEqual([["incident.opened", "critical"]]);
    for (const one of says) one["web"] = "up";
    await clock.advance("6m");
    expect(alive!.snapshot().incidents).toMatchObject([{ status: "resolved" }]);
    expect(await messages()).toHaveLength(2);
  });

  test.each([
    ["", false],
    [", also where it cannot keep the day", true],
  ])("one that ends in good order leaves the lead to another at once%s", async (_, cannotWrite) => {
    const { clock, store, make } = world({ processes: 2 });
    let isEnding = false;
    const commit: Store["commit"] = (input) =>
      isEnding && cannotWrite ? Promise.reject(new Error("the disk is full")) : store.commit(input);
    const [first, second] = [make(0, { ...store, commit }), make(1)];
    await begin([first, second], clock);
    const holder = async () => (await store.leases.read("status/shop/production"))?.holder["instance"];
    expect(await holder()).toBe("shop-0");
    isEnding = true;
    await first.stop();
    expect(await holder()).toBeUndefined();
    // Between two looks, and far from the end of the lease.
    await clock.advance("10s");
    expect(await holder()).toBe("shop-1");
  });

  test("all answer from the same version", async () => {
    const { clock, says, statuses } = world({ processes: 3 });
    await begin(statuses, clock);
    says[1]!["web"] = "down";
    await clock.advance("90s");
    await Promise.all(statuses.map((status) => status.refresh()));
    expect(new Set(statuses.map((status) => status.snapshot().version)).size).toBe(1);
  });
});

describe("what is kept", () => {
  test("the book beside the events equals what they say, with their chain proved", async () => {
    const { status, clock, store, says } = world();
    await begin([status], clock);
    says[0]!["web"] = "down";
    await clock.advance("2m");
    await status.openIncident({ title: "Post is late", body: "It is.", components: { support: "partial_outage" } });
    const from = new Date(clock.now() + 60_000).toISOString();
    await status.scheduleMaintenance({ title: "Move", body: "We move.", components: ["web"], from, until: from });
    const stream = "status/shop/production";
    const { items } = await store.list({ prefix: stream });
    expect(items[0]!.summary).toEqual(JSON.parse(JSON.stringify(foldBook(stream, await store.read(stream)))));
  });

  test("uptime is of the time that was watched; a gap is a gap", async () => {
    const { status, clock, says } = world();
    await begin([status], clock);
    await clock.advance("30m");
    says[0]!["web"] = "down";
    await clock.advance("10m");
    says[0]!["web"] = "up";
    await clock.advance("20m");
    await status.stop();
    await clock.advance("5h");
    await begin([status], clock);
    await clock.advance("2m");
    const [web] = status.snapshot().components;
    expect(web!.uptime).toBeCloseTo(52 / 62, 2);
    expect(web!.days.slice(0, -1)).toEqual(Array.from({ length: 89 }, () => null));
    expect(web!.days.at(-1)).toBe("major_outage");
    // It began at midnight, watched until shortly after one, and began again at six.
    expect(web!.hours.slice(-7)).toEqual([20, 20, null, null, null, null, 20]);
  });

  test("who only reads sees that nobody looks any more", async () => {
    const { status, clock, make } = world();
    await begin([status], clock);
    const reader = make(0);
    await reader.refresh();
    expect(reader.snapshot()).toMatchObject({ stale: false, rollUp: { status: "operational" } });
    await status.stop();
    await clock.advance("3m");
    expect(reader.snapshot()).toMatchObject({ stale: true, rollUp: { status: "degraded" } });
    await reader.refresh();
    expect(reader.snapshot().stale).toBe(true);
  });
});
