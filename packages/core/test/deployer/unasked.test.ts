import { createFakeTarget, createFakeTraffic } from "@fairlead/testing";
import { expect, test } from "vitest";
import * as z from "zod";
import {
  canary,
  createDeployer,
  definePlugin,
  image,
  memoryStore,
  type CandidateCheck,
  type EnvironmentOptions,
  type Strategy,
} from "../../src/index.js";

const check: CandidateCheck = { scope: "candidate", name: "answers", run: () => Promise.resolve({ status: "up" }) };
const host = (id: string, checks: readonly CandidateCheck[] = []) =>
  definePlugin({
    id,
    provides: ["target", "traffic", "checks"],
    options: z.strictObject({}),
    setup: () => ({ target: createFakeTarget(), traffic: createFakeTraffic(), checks }),
  })({});

async function warningsOf(
  environment: Pick<EnvironmentOptions, "smoke" | "verify" | "checks">,
  strategy?: Strategy,
): Promise<readonly string[]> {
  const source = image(`shop@sha256:${"1".repeat(64)}`);
  const deployer = createDeployer({
    application: "shop",
    store: memoryStore(),
    plugins: [host("asked", [check]), host("mute")],
    environments: {
      development: {
        components: { web: { target: "asked", source }, api: { target: "mute", source, ...(strategy === undefined ? {} : { strategy }) } },
        ...environment,
      },
    },
  });
  const { warnings } = await deployer.plan({ environment: "development" });
  await deployer.close();
  return warnings.filter((warning) => warning.startsWith("Nothing asks"));
}

test("the plan warns where nothing would find out that a release fails", async () => {
  expect(await warningsOf({})).toEqual([
    "Nothing asks whether api is well: a release that fails is promoted and kept. Give it a check or a smoke test.",
  ]);
  expect(await warningsOf({ verify: { checks: [check] } })).toEqual([]);
  expect(await warningsOf({ smoke: [{ name: "answers", component: "api", run: () => Promise.resolve() }] })).toEqual([]);
  const steps = [{ weight: 10, for: "10m" }] as const;
  expect(await warningsOf({}, canary({ steps }))).toHaveLength(1);
  const analysis = { metrics: { errors: { queries: "traffic" } }, for: "10m" } as const;
  expect(await warningsOf({}, canary({ steps, analysis }))).toEqual([]);
});
