import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { HealthSnapshot } from "../../../src/health/index.js";
import { createHttp } from "../../../src/http/index.js";
import { sealEvents, emptyHead } from "../../../src/journal/index.js";
import type { JsonObject } from "../../../src/json/index.js";
import { createStatus, type Status } from "../../../src/status/index.js";
import { memoryStore } from "../../../src/store/memory-store.js";

const day = 86_400_000;
const groups = ["Shop", "Payment", "Delivery", "Support"];

/** A shop with 50 components that has been watched for 90 days in which some things went wrong, and that goes wrong now as it is told to. */
export async function busyShop(): Promise<{
  readonly status: Status;
  readonly url: string;
  /** What the checks say from now on; those that are not named are up. */
  says(checks: Readonly<Record<string, "up" | "degraded" | "down">>): Promise<void>;
  close(): Promise<void>;
}> {
  const names = Array.from({ length: 50 }, (_, index) => `service-${String(index + 1).padStart(2, "0")}`);
  const store = memoryStore();
  await writeDays(store, names);
  let said: Readonly<Record<string, string>> = {};
  const snapshot = () =>
    names.map((name, index) => ({ name, status: said[name] ?? "up", known: true, critical: true, latency: 15 + ((index * 7) % 40) }));
  const status = createStatus({
    ...{ application: "shop", environment: "production", store, incidents: { openAfter: "0s", resolveAfter: "0s" } },
    page: { name: "Example Shop", url: "https://status.shop.example" },
    components: names.map((name, index) => ({
      name,
      title: `Service ${index + 1}`,
      ...(index < 5 ? {} : { group: groups[index % groups.length]! }),
      ...(index === 1 ? { description: "Where one looks for things and puts them into the basket" } : {}),
    })),
    health: { snapshot: () => ({ checks: snapshot() }) as unknown as HealthSnapshot },
  });
  await status.tick();
  const server = createServer(createHttp({ status }).node);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    status,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async says(checks) {
      said = checks;
      await status.tick();
    },
    async close() {
      await status.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function writeDays(store: ReturnType<typeof memoryStore>, names: readonly string[]): Promise<void> {
  const today = Math.floor(Date.now() / day) * day;
  for (let back = 90; back >= 1; back -= 1) {
    const date = new Date(today - back * day).toISOString().slice(0, 10);
    const name = `status-day/shop/production/${date}`;
    const times = names.flatMap((component, index) => {
      // Five services are new: nobody watched them before.
      if (index >= 45 && back > 40) return [];
      const luck = (back * 31 + index * 17) % 97;
      const minutes = {
        major_outage: luck === 3 ? 42 : 0,
        partial_outage: luck === 11 ? 35 : 0,
        degraded_performance: luck === 29 ? 120 : 0,
      };
      const bad = Object.fromEntries(Object.entries(minutes).map(([status, length]) => [status, length * 60_000]));
      const rest = day - Object.values(bad).reduce((sum, length) => sum + length, 0);
      return [[component, { ...bad, operational: rest }] as const];
    });
    const hours = names.map((component, index) => [
      component,
      Object.fromEntries(Array.from({ length: 24 }, (_, hour) => [hour, [6, 6 * (15 + ((index * 7 + hour * hour * 3) % 60))]])),
    ]);
    const summary: JsonObject = {
      day: date,
      until: Date.parse(date) + day - 1,
      times: Object.fromEntries(times),
      hours: Object.fromEntries(hours) as JsonObject,
    };
    const { events } = sealEvents(name, emptyHead, [{ type: "day.begun", at: `${date}T00:00:00Z`, data: { day: date } }]);
    await store.commit({ streams: [{ name, expectedVersion: 0, events, summary }] });
  }
}
