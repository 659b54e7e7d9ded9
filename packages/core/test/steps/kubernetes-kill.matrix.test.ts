import type { KubernetesEmulator } from "@fairlead/testing/emulators";
import { matrixCases, sourceFlags } from "@fairlead/test-support";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test, vi } from "vitest";
import { clusterForTest, kubectlPrograms, writeManifests } from "./support/kubernetes-programs.js";

vi.setConfig({ testTimeout: 180_000 });

const script = fileURLToPath(new URL("support/deploy-with-kubernetes.ts", import.meta.url));
/** The program itself where it is installed. */
const program = kubectlPrograms.at(-1)?.program ?? "";

const run = async (what: "deploy" | "recover", folder: string): Promise<string> =>
  (await promisify(execFile)(process.execPath, [...sourceFlags, script, what, folder, program])).stdout.trim();

/** Deploys in a process that is killed while the cluster holds an answer, then goes on in another one. Answers how it ended. */
async function killedAndRecovered(cluster: KubernetesEmulator, folder: string): Promise<string> {
  const deploying = spawn(process.execPath, [...sourceFlags, script, "deploy", folder, program], { stdio: "ignore" });
  await cluster.held({ within: "30s" });
  deploying.kill("SIGKILL");
  await once(deploying, "exit");
  return run("recover", folder);
}

const effectsOf = async (cluster: KubernetesEmulator): Promise<readonly string[]> =>
  (await cluster.ledger()).effects.map(({ kind, subject }) => `${kind} ${subject}`);

const moments = (["hold-before", "hold"] as const).flatMap((kind) =>
  ["configmap.apply", "deployment.apply"].map((operation) => ({ kind, operation })),
);

test.for(matrixCases(moments, { sample: 1 }))(
  "one that is killed at $kind of $operation has applied everything once in the end",
  async ({ kind, operation }) => {
    const { cluster, home } = await clusterForTest();
    await writeManifests(join(home, "app.yaml"));
    await cluster.fault({ kind, match: { operation } });
    expect(await killedAndRecovered(cluster, home)).toBe("succeeded");
    expect(await effectsOf(cluster)).toEqual(["object.created ConfigMap shop/web", "object.created Deployment shop/web"]);
  },
);

test.for(matrixCases(["hold-before", "hold"] as const, { sample: 1 }))(
  "one that is killed at %s of taking back leaves what was there before",
  async (kind) => {
    const { cluster, home } = await clusterForTest();
    await writeManifests(join(home, "app.yaml"), { size: "big" });
    expect(await run("deploy", home)).toBe("succeeded");
    await writeManifests(join(home, "app.yaml"), { colour: "red", image: "shop/web:2", job: true });
    await writeFile(join(home, "fail"), "");
    await cluster.fault({ kind, match: { operation: "deployment.apply" }, nth: 2 });
    expect(await killedAndRecovered(cluster, home)).toBe("rolled_back");
    const { objects } = await cluster.state();
    expect(objects.map(({ kind: what, data }) => [what, data])).toEqual([
      ["Namespace", undefined],
      ["Namespace", undefined],
      ["ConfigMap", { colour: "blue", size: "big" }],
      ["Deployment", undefined],
    ]);
  },
);
