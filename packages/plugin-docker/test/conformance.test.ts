import type { Artifact } from "@fairlead/core";
import { docker, requireService } from "@fairlead/test-support";
import { targetSuite } from "@fairlead/testing/conformance";
import { afterAll, beforeEach, describe, test } from "vitest";
import { cleanUp, createSubject, dockerCli, goodWorker, imageOf, inspect, patientOptions, running } from "./support/real-engine.js";

const images = new Map<number, Promise<string>>();

/** Each version is an image with content of its own, built once for all cases. */
async function toArtifact(version: number): Promise<Artifact> {
  let image = images.get(version);
  if (image === undefined) images.set(version, (image = imageOf(`// version ${String(version)}\n${goodWorker}`)));
  return { kind: "image", digest: `sha256:${String(version).padStart(64, "0")}`, reference: await image };
}

/** What a container was told when it was made, which is what its program sees. */
async function toldRelease(container: string): Promise<string> {
  const { Config } = await inspect(container);
  return Config.Env.find((variable) => variable.startsWith("FAIRLEAD_RELEASE="))?.slice("FAIRLEAD_RELEASE=".length) ?? "";
}

describe("the contract of a target", () => {
  beforeEach((context) => {
    requireService(context, docker);
  });
  afterAll(cleanUp);

  targetSuite(
    { test, describe },
    {
      patience: "60s",
      create: async () => {
        const { target, component } = await createSubject();
        const label = `label=fairlead.application=${component.application}`;
        return {
          target,
          again: async (about = component) => (await createSubject(patientOptions, {}, about)).target,
          component,
          artifact: toArtifact,
          brokenArtifact: () => ({ kind: "image", digest: `sha256:${"f".repeat(64)}`, reference: "fairlead-testing/nothing:1" }),
          witness: {
            serving: async () => [...new Set(await Promise.all((await running(component)).map(toldRelease)))],
            candidates: async () =>
              (await dockerCli("ps", "--all", "--quiet", "--filter", label)).split("\n").filter((id) => id !== "").length,
          },
          dispose: () => undefined,
        };
      },
    },
  );
});
