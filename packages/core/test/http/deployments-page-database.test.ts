import { expect, test } from "vitest";
import * as z from "zod";
import { createDeployer, definePlugin, image, type MigrationPlan, type Migrator, type PendingMigration } from "../../src/index.js";
import { memoryStore } from "../../src/store/memory-store.js";
import { targetInMemory } from "../deployer/scene.js";
import { createBrowser, seen } from "./support/page-browser.js";

const environment = "development";
const page = "/deployments/rollback?environment=development";

type Wanted = Pick<PendingMigration, "phase" | "compatibility">;

/** A shop with a database: each deployment may bring migrations. */
function createShop() {
  const folder: PendingMigration[] = [];
  const applied = new Set<string>();
  const migrator: Migrator = {
    description: "a database",
    plan: async () => {
      const pending = folder.filter(({ id }) => !applied.has(id));
      const compatibility = pending.find((one) => one.compatibility !== "code-only")?.compatibility ?? "code-only";
      const all = folder.map(({ id, checksum, phase }) => ({ id, checksum, phase }));
      return { all, pending, ahead: [], compatibility, findings: [] } satisfies MigrationPlan;
    },
    verify: async () => [],
    apply: async ({ migrations }) => {
      for (const { id } of migrations) applied.add(id);
      return { applied: migrations.map(({ id }) => ({ id, duration: 1 })) };
    },
  };
  const plugin = definePlugin({
    ...{ id: "host", provides: ["target", "migrator"], options: z.strictObject({}) },
    setup: () => ({ migrator, target: targetInMemory([]) }),
  });
  const deployer = createDeployer({
    application: "shop",
    store: memoryStore(),
    plugins: [plugin({})],
    environments: {
      [environment]: {
        ...{ target: "host", migrator: "host", schema: "disposable", contract: "after-bake", source: image("shop:0") },
        timeouts: { settle: "0s" },
      },
    },
  });
  return {
    deployer,
    read: async (path = page) => seen(await createBrowser(deployer).read(path)),
    async deploy(version: string, wanted: readonly Wanted[] = []) {
      // Of its own branch: what another release has brought it does not know.
      const known = folder.filter(({ id }) => applied.has(id)).length;
      folder.splice(known, folder.length, ...wanted.map((one, index) => migration(`${version}-${String(index)}`, one)));
      const deployment = await deployer.deploy({ environment, source: image(`shop:${version}`) });
      expect(await deployment.result()).toMatchObject({ phase: "succeeded" });
      return (await deployment.state()).plan.release.id;
    },
    back: async (to?: string) => (await deployer.rollback({ environment, ...(to === undefined ? {} : { to }) })).result(),
    [Symbol.asyncDispose]: () => deployer.close(),
  };
}

const migration = (id: string, wanted: Wanted): PendingMigration => ({ ...wanted, id, checksum: `sha256:${id}` });

test.each(["irreversible", "needs-down"] as const)(
  "behind an expand migration that is %s a rollback is not called safe",
  async (compatibility) => {
    await using shop = createShop();
    await shop.deploy("1");
    await shop.deploy("2", [{ phase: "expand", compatibility }]);
    const told = await shop.read();
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
  expect(await shop.read()).toContain("Safe for the database: what it does not know only adds");
  await shop.deploy("3");
  expect(await shop.read()).toContain("Safe for the database: that release knows all of its migrations.");
});
