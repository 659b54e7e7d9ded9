import * as z from "zod";
import {
  createDeployer,
  definePlugin,
  image,
  isSecretReference,
  secret,
  type Deployer,
  type EnvironmentOptions,
  type SecretSource,
  type Store,
} from "../../src/index.js";
import { memoryStore } from "../../src/store/memory-store.js";
import { targetInMemory } from "./scene.js";

/** Processes of one application that share a journal and a target; only workers have the secret. */
export function createTeam(environment: Pick<EnvironmentOptions, "approvals"> = {}) {
  const store: Store = { ...memoryStore(), close: () => Promise.resolve() };
  const effects: string[] = [];
  const target = targetInMemory(effects);
  let setups = 0;
  const plugin = definePlugin({
    id: "guarded",
    provides: ["target"],
    options: z.strictObject({ token: z.custom<ReturnType<typeof secret>>(isSecretReference) }),
    setup: () => {
      setups += 1;
      return { target };
    },
  });
  const asked: string[] = [];
  const join = (name: string, secrets: SecretSource): Deployer =>
    createDeployer({
      application: "shop",
      name,
      store,
      secrets,
      plugins: [plugin({ token: secret("TOKEN") })],
      environments: { development: { ...environment, target: "guarded", source: image("shop:1"), timeouts: { settle: "0s" } } },
    });
  const watching = join("web", { resolve: (names) => (asked.push(...names.map(String)), Promise.resolve({})) });
  const createWorker = () => join("worker", { resolve: () => Promise.resolve({ TOKEN: { value: "zk3-canary" } }) });
  return { watching, createWorker, effects, asked, setups: () => setups };
}
