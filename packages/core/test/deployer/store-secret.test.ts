import { expect, test } from "vitest";
import * as z from "zod";
import { createDeployer, definePlugin, environmentSecrets, image, memoryStore, type SecretSource, type Store } from "../../src/index.js";
import { targetInMemory } from "./scene.js";

const password = "hunter2-of-the-store";

/** A store that asks for its secret when it is first written to, and then fails with its value. */
function storeWithSecret(): { readonly store: Store; readonly asked: string[] } {
  const asked: string[] = [];
  let reveal = (): Promise<string> => Promise.reject(new Error("nobody handed over secrets"));
  const store: Store = {
    ...memoryStore(),
    useSecrets: (resolve) => {
      reveal = async () => (await resolve("STORE_URL")).reveal();
    },
    commit: async () => {
      asked.push(await reveal());
      throw new Error(`postgres://shop:${password}@db refused`);
    },
  };
  return { store, asked };
}

const inMemory = definePlugin({
  id: "in-memory",
  provides: ["target"],
  options: z.strictObject({}),
  setup: () => ({ target: targetInMemory([]) }),
});

const problemOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

function deployerWith(store: Store, secrets?: SecretSource) {
  return createDeployer({
    application: "shop",
    store,
    plugins: [inMemory()],
    environments: { development: { target: "in-memory" } },
    ...(secrets === undefined ? {} : { secrets }),
  });
}

test("a store's secret comes from the source of the process, and is known to the redactor", async () => {
  const { store, asked } = storeWithSecret();
  await using deployer = deployerWith(store);
  deployer.useSecrets(environmentSecrets({ STORE_URL: password }));
  const problem = await problemOf(deployer.deploy({ environment: "development", source: image("shop:1") }));
  expect(asked).toEqual([password]);
  expect(String(problem)).toContain("refused");
  expect(String(problem)).not.toContain(password);
});

test("a source in the options is asked for it, for no environment", async () => {
  const { store, asked } = storeWithSecret();
  const environments: string[] = [];
  await using deployer = deployerWith(store, {
    resolve: async (_, { environment }) => {
      environments.push(environment);
      return { STORE_URL: { value: password } };
    },
  });
  await problemOf(deployer.deploy({ environment: "development", source: image("shop:1") }));
  expect([asked, environments]).toEqual([[password], ["store"]]);
});

test("a secret of the store without a value is named", async () => {
  await using deployer = deployerWith(storeWithSecret().store);
  expect(await problemOf(deployer.deploy({ environment: "development", source: image("shop:1") }))).toMatchObject({
    code: "SECRETS_MISSING",
    data: { names: ["STORE_URL"] },
  });
});
