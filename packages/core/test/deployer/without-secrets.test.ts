import { expect, test } from "vitest";
import * as z from "zod";
import {
  createDeployer,
  definePlugin,
  image,
  isSecretReference,
  secret,
  type DeployTarget,
  type SecretSource,
  type Store,
} from "../../src/index.js";
import { memoryStore } from "../../src/store/memory-store.js";
import { targetInMemory } from "./scene.js";

/** Deployers of one application, in processes that have a secret and in such that do not; they share a journal and a target. */
function createTeam() {
  const store: Store = { ...memoryStore(), close: () => Promise.resolve() };
  const target = targetInMemory([]);
  const preparing = Promise.withResolvers<undefined>();
  const slow: DeployTarget = {
    ...target,
    prepare: async (input, call) => {
      preparing.resolve(undefined);
      if (JSON.stringify(input).includes("shop:stuck")) {
        await new Promise((_, reject) => {
          call.signal.addEventListener("abort", () => {
            reject(new Error("given up"));
          });
        });
      }
      return target.prepare(input, call);
    },
  };
  const plugin = definePlugin({
    id: "guarded",
    provides: ["target"],
    options: z.strictObject({ token: z.custom<ReturnType<typeof secret>>(isSecretReference) }),
    setup: () => ({ target: slow }),
  });
  const join = (secrets: SecretSource) =>
    createDeployer({
      application: "shop",
      store,
      secrets,
      plugins: [plugin({ token: secret("TOKEN") })],
      environments: { development: { target: "guarded", timeouts: { settle: "0s" } } },
    });
  return {
    deploying: join({ resolve: () => Promise.resolve({ TOKEN: { value: "zk3-canary" } }) }),
    watching: join({ resolve: () => Promise.resolve({}) }),
    preparing: preparing.promise,
  };
}

const serving = { environment: "development", source: image("shop:1") } as const;

test("status tells what the journal knows, and which secrets keep it from asking the target", async () => {
  const { deploying, watching } = createTeam();
  await using _ = deploying;
  await using __ = watching;
  const { release } = await (await deploying.deploy(serving)).result();

  const status = await watching.status("development");
  expect(status).toMatchObject({ release: { release: { id: release } }, running: null });
  expect(status.components).toMatchObject([
    { drifted: false, expected: "c1", serving: { known: false, candidate: null, note: "this process has no value for TOKEN." } },
  ]);
  await expect(watching.deploy(serving)).rejects.toMatchObject({ code: "CONFIGURATION_INVALID" });
});

test("a deployment is stopped from where no secret is", async () => {
  const { deploying, watching, preparing } = createTeam();
  await using _ = deploying;
  await using __ = watching;
  const deployment = await deploying.deploy({ environment: "development", source: image("shop:stuck") });
  await preparing;
  expect((await watching.status("development")).components).toMatchObject([{ drifted: false }]);

  const stopped = await watching.abort({ deploymentId: deployment.id, actor: { name: "ada", via: "code" } });
  expect((await stopped.result()).phase).toBe("rolled_back");
  expect((await deployment.result()).phase).toBe("rolled_back");
});

test("what this process cannot drive on is left as it is, and why is answered", async () => {
  const { deploying, watching, preparing } = createTeam();
  await using __ = watching;
  const { id } = await deploying.deploy({ environment: "development", source: image("shop:stuck") });
  await preparing;
  await deploying.close();
  expect(await watching.recover()).toMatchObject({
    deployments: [],
    refusals: [{ deploymentId: id, environment: "development", error: { code: "CONFIGURATION_INVALID" } }],
  });
});
