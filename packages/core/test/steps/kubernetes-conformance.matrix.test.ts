import { matrixCases } from "@fairlead/test-support";
import { stepsSuite } from "@fairlead/testing/conformance";
import { join } from "node:path";
import { describe, test, vi } from "vitest";
import type { StepDefinition } from "../../src/index.js";
import { kubernetes } from "../../src/steps/index.js";
import { kubectlPrograms, startCluster, writeManifests } from "./support/kubernetes-programs.js";
import { pinned, stepsOf } from "./support/set-up.js";

const token = "k3xQ-9vLm2-Zt7p";

/** The step that applies, with what the step before it has found in the same deployment; effects are counted by the cluster. */
async function createFixture(program: string) {
  const { cluster, home, kubeconfig, stop } = await startCluster();
  const manifests = join(home, "app.yaml");
  // What stands in an object may be secret although the object is no Secret.
  await writeManifests(manifests, { colour: token });
  const found = new Map<string, unknown>();
  const again = async (): Promise<readonly StepDefinition[]> => {
    const [plan, apply] = (await stepsOf(
      kubernetes({ name: "k8s", manifests, kubeconfig, program, workFolder: join(home, "work"), grace: "200ms" }),
    )) as [StepDefinition, StepDefinition];
    const inputFor = async (call: Parameters<StepDefinition["run"]>[1]) => {
      // A deployment finds out once, and its journal knows the outcome whoever goes on with it.
      const known = found.get(call.idempotencyKey) ?? (await plan.run(pinned(plan), call));
      found.set(call.idempotencyKey, known);
      return { ...pinned(apply), plan: known } as Parameters<StepDefinition["run"]>[0];
    };
    if (apply.reversibility !== "undo") return [];
    const { run, observe, undo } = apply;
    return [
      {
        ...apply,
        run: async (_, call) => run(await inputFor(call), call),
        observe: async (_, call) => observe?.(await inputFor(call), call) ?? { status: "absent" },
        undo: async (_, call) => undo(await inputFor(call), call),
      },
    ];
  };
  const applies = ["configmap.apply", "deployment.apply"];
  return {
    steps: await again(),
    again,
    secrets: [token],
    trouble: {
      lossy: () => Promise.all(applies.map((operation) => cluster.fault({ kind: "lost-response", match: { operation }, every: true }))),
      silent: () => Promise.all(applies.map((operation) => cluster.fault({ kind: "hang", match: { operation }, every: true }))),
      over: () => cluster.clearFaults(),
    },
    witness: {
      effects: async () => {
        const { effects } = await cluster.ledger();
        const count = (wanted: string): number =>
          effects.filter(({ kind, subject }) => kind === wanted && subject === "Deployment shop/web").length;
        return count("object.created") + count("object.changed") - count("object.deleted");
      },
    },
    dispose: stop,
  };
}

vi.setConfig({ testTimeout: 180_000 });

describe.for(matrixCases(kubectlPrograms, { sample: 1 }))("applying with $name", ({ program }) => {
  stepsSuite({ test, describe }, { create: () => createFixture(program), patience: "60s" });
});
