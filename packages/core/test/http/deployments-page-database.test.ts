import { expect, test } from "vitest";
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
