import { expect, test } from "vitest";
import * as z from "zod";
import {
  createDeployer,
  definePlugin,
  image,
  isSecretReference,
  secret,
  type AnyPlugin,
  type SecretReference,
  type SecretSource,
} from "../../src/index.js";
import { memoryStore } from "../../src/store/memory-store.js";
import { targetInMemory } from "./scene.js";

const reference = z.custom<SecretReference>(isSecretReference);

/** A target that needs a token, a vault that has it and needs a key of its own, and what either was set up with. */
function createPlugins() {
  const seen: string[] = [];
  const target = definePlugin({
    id: "guarded",
    provides: ["target"],
    options: z.strictObject({ token: reference }),
    setup: ({ token }) => {
      seen.push(`target ${token.reveal()}`);
      return { target: targetInMemory([]) };
    },
  });
  const vault = definePlugin({
    id: "vault",
    provides: ["secrets"],
    options: z.strictObject({ key: reference }),
    setup: ({ key }, { environment }) => {
      seen.push(`vault ${key.reveal()} for ${environment}`);
      const values: Readonly<Record<string, string>> = { TOKEN: "of the vault" };
      return {
        secrets: {
          resolve: async (names) =>
            Object.fromEntries(names.flatMap((name) => (values[name] === undefined ? [] : [[name, { value: values[name] }]]))),
        },
        dispose: () => void seen.push("vault closed"),
      };
    },
  });
  return { seen, target, vault };
}

const own = (variables: Readonly<Record<string, string>>): SecretSource => ({
  resolve: async (names) =>
    Object.fromEntries(names.flatMap((name) => (variables[name] === undefined ? [] : [[name, { value: variables[name] }]]))),
});

test("secrets come from the plugin that is named, and its own from the process", async () => {
  const { seen, target, vault } = createPlugins();
  const deployer = createDeployer({
    application: "shop",
    store: memoryStore(),
    secrets: "vault",
    plugins: [target({ token: secret("TOKEN") }), vault({ key: secret("VAULT_KEY") })],
    environments: { development: { target: "guarded", timeouts: { settle: "0s" } } },
  });
  deployer.useSecrets(own({ VAULT_KEY: "of the process", TOKEN: "not this one" }));
  expect((await (await deployer.deploy({ environment: "development", source: image("shop:1") })).result()).phase).toBe("succeeded");
  await deployer.close();
  expect(seen).toEqual(["vault of the process for development", "target of the vault", "vault closed"]);
});

test("a vault whose own secret is missing, and one that is none, are told with the rest", async () => {
  const { target, vault } = createPlugins();
  const problemsOf = async (secrets: string, plugins: readonly AnyPlugin[]) => {
    const options = { application: "shop", store: memoryStore(), secrets, plugins, environments: { development: { target: "guarded" } } };
    await using deployer = createDeployer(options as Parameters<typeof createDeployer>[0]);
    return (await deployer.validate("development")).map(({ place }) => place);
  };
  const plugins = [target({ token: secret("TOKEN") }), vault({ key: secret("VAULT_KEY") })];
  expect(await problemsOf("vault", plugins)).toContain("secret VAULT_KEY");
  expect(await problemsOf("guarded", plugins)).toContain("secrets");
  expect(await problemsOf("nobody", plugins)).toContain("secrets");
});
