import { once } from "node:events";
import { serializeError, type DeploymentCall } from "@fairlead/core";
import type { RunnerOrder, RunnerReport } from "./runner-process.js";
import { recordTo, setUp } from "./set-up.js";

const [{ url, folder, deployment, lease = "15s", act = "apply" }] = (await once(process, "message")) as [RunnerOrder];
const { migrator } = await setUp({ url, migrations: folder, lease });
const call: DeploymentCall = {
  signal: new AbortController().signal,
  log: recordTo([]),
  environment: "production",
  deploymentId: deployment,
  idempotencyKey: `${deployment}/migrations`,
};

async function perform(): Promise<RunnerReport> {
  if (act === "verify") {
    await migrator.verify(call);
    return {};
  }
  const { pending } = await migrator.plan(call);
  const { applied } = await migrator.apply({ phase: "expand", migrations: pending, release: "rel_1" }, call);
  return { applied: applied.map(({ id }) => id) };
}

const report = await perform().catch((error: unknown) => ({ error: serializeError(error) }));
process.send?.(report);
process.disconnect();
