import { expect, test } from "vitest";
import * as z from "zod";
import {
  createDeployer,
  definePlugin,
  environmentSecrets,
  image,
  isSecretReference,
  memoryStore,
  secret,
  type SecretReference,
} from "../../src/index.js";
import { targetInMemory } from "./scene.js";

test("a listener that fails is told of in a line, with its time and without the secret in its error", async () => {
  const guarded = definePlugin({
    id: "guarded",
    provides: ["target"],
    options: z.strictObject({ token: z.custom<SecretReference>(isSecretReference) }),
    setup: () => ({ target: targetInMemory([]) }),
  });
  await using deployer = createDeployer({
    application: "shop",
    store: memoryStore(),
    secrets: environmentSecrets({ TOKEN: "s3cr3t-Value-99" }),
    plugins: [guarded({ token: secret("TOKEN") })],
    environments: { development: { target: "guarded" } },
  });
  const lines: { readonly at: string; readonly message: string }[] = [];
  deployer.onLog((entry) => lines.push(entry));
  deployer.on("deployment.started", () => {
    throw new Error("posting to https://shop:s3cr3t-Value-99@chat failed");
  });
  await (await deployer.deploy({ environment: "development", source: image("shop:1") })).result();
  const told = lines.filter(({ message }) => message.includes("listener"));
  expect(told.map(({ message }) => message)).toEqual([
    "a listener of deployment.started failed: posting to https://shop:[redacted:TOKEN]@chat failed",
  ]);
  expect(Date.parse(told[0]?.at ?? "")).toBeGreaterThan(0);
});
