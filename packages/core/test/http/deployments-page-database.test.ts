import { expect, test } from "vitest";
import { createHttp } from "../../src/http.js";
import { systemClock } from "../../src/time/clock.js";
import { createShop, environment } from "./support/database-shop.js";

const page = "/deployments/rollback?environment=development";

test.each(["irreversible", "needs-down"] as const)(
  "behind an expand migration that is %s a rollback is not called safe",
  async (compatibility) => {
    await using shop = createShop();
    await shop.deploy("1");
    await shop.deploy("2", [{ phase: "expand", compatibility }]);
    const told = await shop.read(page);
    expect(told).toContain("Look first: 2-0");
    expect(told).not.toContain("Safe for the database");
  },
);

test("what was applied and rolled back since counts: the database stays as it is", async () => {
  await using shop = createShop();
  await shop.deploy("1");
  const second = await shop.deploy("2");
  await shop.deploy("3", [{ phase: "contract", compatibility: "code-only" }]);
  expect(await shop.back(second)).toMatchObject({ phase: "succeeded" });
  const status = await shop.deployer.status(environment, { live: false });
  const first = status.rollbackTargets.at(-1)!.release;
  const told = await shop.read(`${page}&to=${first}`);
  expect(told).toContain("shop:2 → shop:1");
  expect(told).toContain("Look first: 3-0");
  expect(told).not.toContain("Safe for the database");
});

test("what only adds is safe, and nothing at all is too", async () => {
  await using shop = createShop();
  await shop.deploy("1");
  await shop.deploy("2", [{ phase: "expand", compatibility: "code-only" }]);
  expect(await shop.read(page)).toContain("Safe for the database: what it does not know only adds");
  await shop.deploy("3");
  expect(await shop.read(page)).toContain("Safe for the database: that release knows all of its migrations.");
});

test("how far back the journal is asked for is told by the clock of the surface", async () => {
  await using shop = createShop();
  await shop.deploy("1");
  await shop.deploy("2");
  const asked: (string | undefined)[] = [];
  const statistics: typeof shop.deployer.statistics = (query) => {
    asked.push(query?.since);
    return shop.deployer.statistics(query);
  };
  const day = 86_400_000;
  const clock = { ...systemClock, now: () => systemClock.now() + day };
  const deployer = { ...shop.deployer, statistics };
  const http = createHttp({ deployer, clock, public: ["deployments.read", "deployments.rollback"] });
  expect((await http.fetch(new Request(`https://shop.example${page}`))).status).toBe(200);
  expect(asked).toHaveLength(1);
  expect(Number.parseInt(asked[0] ?? "", 10)).toBeGreaterThan(day);
});
