import { createDeployer, sqliteStore } from "@fairlead/core";
import type { Supervised } from "../host/supervised.ts";
import { startSupervisor } from "./supervisor.ts";

/** How the shop's own process deployed the one that took its place. */
export interface HostStory {
  readonly deploymentId: string;
  /** How the deployment ended. */
  readonly phase: string;
  /** The processes that drove it, in order. */
  readonly drivers: readonly number[];
  readonly before: Supervised;
  readonly after: Supervised;
  /** Between the last that the first process recorded and the first of the second, in milliseconds. */
  readonly handedOverIn: number;
  readonly took: number;
}

/** Lets the shop's own process deploy a release of itself, and reads in the journal who did what of it. */
export async function replaceHost(env: Readonly<Record<string, string>>, nodeFlags?: readonly string[]): Promise<HostStory> {
  const supervisor = await startSupervisor(env, nodeFlags);
  const application = `${env["SHOP_APPLICATION"] ?? "shop"}-host`;
  const store = sqliteStore({ path: env["SHOP_JOURNAL"] ?? "", singleMachine: true });
  const reader = createDeployer({ application, store, plugins: [], environments: {} });
  try {
    const before = supervisor.current();
    const deploymentId = await supervisor.order("2");
    const deployment = await reader.deployment(deploymentId);
    const drivers: number[] = [];
    let handedOverIn = 0;
    let last = 0;
    for await (const { type, at, data } of deployment.events()) {
      if (type === "deployment.started") {
        if (drivers.length > 0) handedOverIn = Date.parse(at) - last;
        drivers.push(data.holder.pid);
      }
      last = Date.parse(at);
    }
    const { phase, duration } = await deployment.result();
    await supervisor.gone(before.pid);
    return { deploymentId, phase, drivers, before, after: supervisor.current(), handedOverIn, took: duration };
  } finally {
    await reader.close();
    await supervisor.stop();
  }
}
