// A process that deploys the shop as it is told, and dies where it is told. It has loaded everything when it says that it is ready.
import { flushCompileCache } from "node:module";
import { environmentSecrets, Secret, sqliteStore, type Deployer, type DeploymentResult, type Store } from "@fairlead/core";
import { postgresStore } from "@fairlead/plugin-postgres/store";
import { createShop, type Pace, type StrategyName } from "../../shop.ts";
import { createBoundaries } from "./boundaries.ts";
import { usersOf } from "./fates.ts";
import type { Answer, Order, Scene } from "./messages.ts";

const pace: Pace = { watch: "10ms", bake: "10ms", every: "5ms", settle: "100ms" };

const boundaries = createBoundaries();
globalThis.fetch = boundaries.watchFetch(globalThis.fetch);

let opened: { readonly scene: Scene; readonly store: Store } | undefined;
let deployer: Deployer<StrategyName> | undefined;

process.on("message", (order: Order) => {
  void obey(order).then(answer, (error: unknown) => {
    answer({ kind: "failed", reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  });
});
process.on("disconnect", () => process.exit());
answer({ kind: "ready", bootTime: performance.now() });

async function obey(order: Order): Promise<Answer> {
  const orderedAt = performance.now();
  if (order.kind === "go on") return deploy("shop:3");
  const { scene, death } = order;
  opened = { scene, store: boundaries.watchStore(openStore(scene)) };
  if (order.kind === "begin") {
    const first = await deploy("shop:1");
    if (first.phase !== "succeeded") return { kind: "failed", reason: first.reason };
    boundaries.arm(death);
    const end = await deploy("shop:2");
    // What is logged is written behind everything else.
    await deployer?.close();
    // Those that are killed write nothing for those that come after them.
    flushCompileCache();
    return { ...end, passed: boundaries.passed };
  }
  boundaries.arm(death);
  const recovered = await recover(orderedAt);
  boundaries.disarm();
  return recovered;
}

async function deploy(release: string): Promise<Answer & { readonly kind: "done" }> {
  const [shop, environment] = openShop(release);
  const deployment = await shop.deploy({ environment, reason: release });
  return doneBy(await deployment.result());
}

/** Goes on with what is open. Where `shop:2` was never recorded, somebody deploys it. */
async function recover(orderedAt: number): Promise<Answer> {
  const [shop, environment] = openShop("shop:2");
  const { deployments, refusals } = await shop.recover({ environment });
  if (refusals.length > 0) return { kind: "failed", reason: JSON.stringify(refusals) };
  const results = await Promise.all(deployments.map((deployment) => deployment.result()));
  const { items } = await shop.history({ environment, limit: 1 });
  const [newest] = items;
  if (newest?.reason !== "shop:2") return deploy("shop:2");
  const actedAfter = results.length === 0 || boundaries.actedAt === undefined ? null : boundaries.actedAt - orderedAt;
  return { ...doneBy(await (await shop.deployment(newest.id)).result()), actedAfter };
}

function doneBy({ phase, error, attention }: DeploymentResult): Answer & { readonly kind: "done" } {
  const reason = attention?.reason ?? error?.message ?? "";
  return { kind: "done", phase, reason, passed: boundaries.passed, actedAfter: null };
}

function openShop(release: string): readonly [Deployer<StrategyName>, StrategyName] {
  if (opened === undefined) throw new Error("Nothing was opened yet");
  const { scene, store } = opened;
  const { application, edge, addresses, strategy } = scene;
  const checks = release === "shop:2" ? [usersOf(scene)] : [];
  deployer = createShop({ application, store, release, edgeUrl: edge.url, addresses, pace, checks });
  deployer.useSecrets(environmentSecrets({ EDGE_TOKEN: edge.token }));
  return [deployer, strategy];
}

function openStore({ store: { kind, address } }: Scene): Store {
  return kind === "sqlite" ? sqliteStore({ path: address, singleMachine: true }) : postgresStore({ url: new Secret("STORE", address) });
}

function answer(message: Answer): void {
  process.send?.(message);
}
