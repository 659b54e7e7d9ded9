import { expect } from "vitest";
import * as z from "zod";
import { createDeployer, definePlugin, image, type MigrationPlan, type Migrator, type PendingMigration } from "../../../src/index.js";
import { memoryStore } from "../../../src/store/memory-store.js";
import { targetInMemory } from "../../deployer/scene.js";
import { createBrowser, seen } from "./page-browser.js";

export const environment = "development";

type Wanted = Pick<PendingMigration, "phase" | "compatibility">;

/** A shop with a database: each deployment may bring migrations. */
export function createShop() {
  const folder: PendingMigration[] = [];
  const applied = new Set<string>();
  const shop = { hangs: false };
  const migrator: Migrator = {
    description: "a database",
    plan: async () => {
      const pending = folder.filter(({ id }) => !applied.has(id));
      const compatibility = pending.find((one) => one.compatibility !== "code-only")?.compatibility ?? "code-only";
      const all = folder.map(({ id, checksum, phase }) => ({ id, checksum, phase }));
      return { all, pending, ahead: [], compatibility, findings: [] } satisfies MigrationPlan;
    },
    verify: async () => [],
    apply: async ({ migrations }, { signal }) => {
      if (shop.hangs) await new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("it was stopped"))));
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
  const begin = async (version: string, wanted: readonly Wanted[] = []) => {
    // Of its own branch: what another release has brought it does not know.
    const known = folder.filter(({ id }) => applied.has(id)).length;
    folder.splice(known, folder.length, ...wanted.map((one, index) => migration(`${version}-${String(index)}`, one)));
    return deployer.deploy({ environment, source: image(`shop:${version}`) });
  };
  return {
    deployer,
    read: async (path: string) => seen(await createBrowser(deployer).read(path)),
    /** Whether migrations go on until they are stopped. */
    hang: () => (shop.hangs = true),
    begin,
    async deploy(version: string, wanted: readonly Wanted[] = []) {
      const deployment = await begin(version, wanted);
      expect(await deployment.result()).toMatchObject({ phase: "succeeded" });
      return (await deployment.state()).plan.release.id;
    },
    back: async (to?: string) => (await deployer.rollback({ environment, ...(to === undefined ? {} : { to }) })).result(),
    [Symbol.asyncDispose]: () => deployer.close(),
  };
}

const migration = (id: string, wanted: Wanted): PendingMigration => ({ ...wanted, id, checksum: `sha256:${id}` });
