import { once } from "node:events";
import { join } from "node:path";
import { haproxy, matrixCases, requireService } from "@fairlead/test-support";
import { afterEach, beforeEach, expect, test } from "vitest";
import { buildScript } from "../support/build-entry.js";
import { freePort, startBalancer } from "./support/balancer.js";
import { startCustomers } from "./support/customers.js";
import { startShop, type Shop } from "./support/start-shop.js";

const folder = await buildScript("shop", join(import.meta.dirname, "support/shop.ts"));
const restarts = matrixCases(
  Array.from({ length: 100 }, (_, index) => index),
  { sample: 3 },
);

const cleanups: (() => unknown)[] = [];
beforeEach((context) => requireService(context, haproxy));
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/**
 * The delay of a drain has to be longer than the balancer needs to see it. How long that is depends on the machine, so here it ends when HAProxy says that it has seen it, and the next restart comes
 * when HAProxy says that the new process is up.
 */
test(`${String(restarts.length)} rolling restarts behind HAProxy lose no request`, async () => {
  const ports = [await freePort(), await freePort()] as const;
  const start = async (port: number): Promise<Shop> => {
    const shop = await startShop({ port, delay: "60s", work: 20, program: join(folder, "shop.mjs") });
    cleanups.push(() => shop.child.kill("SIGKILL"));
    return shop;
  };
  const shops = [await start(ports[0]), await start(ports[1])] as [Shop, Shop];
  const balancer = await startBalancer(ports);
  cleanups.push(() => balancer.stop());
  await balancer.untilSays(0, "UP");
  await balancer.untilSays(1, "UP");
  const customers = startCustomers(balancer.port, 2);
  cleanups.push(() => customers.stop());

  for (const restart of restarts) {
    const place = (restart % 2) as 0 | 1;
    const { child } = shops[place];
    const before = customers.served();
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await balancer.untilSays(place, "DOWN");
    child.send("seen");
    expect(await ended).toEqual([0, null]);
    shops[place] = await start(ports[place]);
    await balancer.untilSays(place, "UP");
    expect(customers.failures).toEqual([]);
    expect(customers.served()).toBeGreaterThan(before);
  }
  await customers.stop();
  expect(customers.failures).toEqual([]);
});
