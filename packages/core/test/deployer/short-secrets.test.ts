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
  type Store,
} from "../../src/index.js";
import { targetInMemory } from "./scene.js";

/** A target that logs its pin and fails with it. */
const talkative = definePlugin({
  id: "talkative",
  provides: ["target"],
  options: z.strictObject({ pin: z.custom<SecretReference>(isSecretReference) }),
  setup: ({ pin }) => ({
    target: {
      ...targetInMemory([]),
      prepare: async (_input, { log }) => {
        log.info(`using pin ${pin.reveal()}`);
        throw new Error(`login with pin ${pin.reveal()} refused`);
      },
    },
  }),
});

function deployerWith(pin: string, store: Store = memoryStore()) {
  return createDeployer({
    application: "shop",
    store,
    secrets: environmentSecrets({ PIN: pin }),
    plugins: [talkative({ pin: secret("PIN") })],
    environments: { development: { target: "talkative", timeouts: { settle: "0s" } } },
  });
}

test.for(["aZ9k1", "k9#Q"])("a secret of few characters is masked wherever it goes: %s", async (pin) => {
  const store = { ...memoryStore(), close: () => Promise.resolve() };
  const deployer = deployerWith(pin, store);
  const told: unknown[] = [];
  deployer.onAny((event) => told.push(event));
  deployer.onLog((entry) => told.push(entry));
  const deployment = await deployer.deploy({ environment: "development", source: image("shop:1") });
  told.push(await deployment.result(), await deployer.logs(deployment.id));
  for await (const event of deployment.events()) told.push(event);
  await deployer.close();
  expect(JSON.stringify(told)).toContain("[redacted:PIN]");
  expect(JSON.stringify(told)).not.toContain(pin);
});

test.for([
  ["short", "aZ9k1"],
  ["ordinary", "changeme"],
])("doctor warns of a secret that is %s, and never says its value", async ([, pin]) => {
  await using deployer = deployerWith(pin ?? "");
  const report = await deployer.doctor("development");
  expect(report.checks).toContainEqual(expect.objectContaining({ provider: "secret", name: "PIN", status: "degraded" }));
  expect(report.healthy).toBe(true);
  expect(JSON.stringify(report)).not.toContain(pin);
});

test.for([
  ["too short", "aZ9", "shorter than 4 characters"],
  ["a number as in every time", "2026", "6 digits"],
  ["a name that has to stay readable", "talkative", "have to stay readable"],
  ["more than can be looked for", JSON.stringify(Array.from({ length: 10_000 }, (_, index) => `kX${String(index)}pQ`)), "too large"],
])("a value that cannot be masked is a mistake in the configuration: %s", async ([, pin = "", problem = ""]) => {
  const store = memoryStore();
  await using deployer = deployerWith(pin, store);
  const problems = await deployer.validate("development");
  expect(problems).toMatchObject([{ place: "secret PIN", problem: expect.stringMatching(problem) as string }]);
  expect(problems.map((one) => one.problem).join()).not.toContain(pin);
  await expect(deployer.deploy({ environment: "development", source: image("shop:1") })).rejects.toMatchObject({
    code: "CONFIGURATION_INVALID",
    data: { problems },
  });
});

test("the password of an address that is a name here is masked with the address, and the name stays readable", async () => {
  const address = "postgres://shop:talkative@localhost/shop";
  await using deployer = deployerWith(address);
  expect(await deployer.validate("development")).toEqual([]);
  const deployment = await deployer.deploy({ environment: "development", source: image("shop:1") });
  await deployment.result();
  const [line] = await deployer.logs(deployment.id);
  expect(line?.message).toBe("using pin [redacted:PIN]");
  expect((await deployment.state()).plan.components).toMatchObject([{ target: "talkative" }]);
});

test("a person who names a secret in a reason finds it masked in the journal", async () => {
  const store = { ...memoryStore(), close: () => Promise.resolve() };
  const deployer = deployerWith("aZ9k1", store);
  await (await deployer.deploy({ environment: "development", source: image("shop:1") })).result();
  await deployer.freeze({ environment: "development", reason: "pin aZ9k1 is out" });
  await deployer.unfreeze({ environment: "development", reason: "pin aZ9k1 was changed" });
  await deployer.close();
  const { items } = await store.list({ prefix: "", limit: 100 });
  const journal = JSON.stringify(await Promise.all(items.map(({ name }) => store.read(name))));
  expect(journal).toContain("pin [redacted:PIN] is out");
  expect(journal).toContain("pin [redacted:PIN] was changed");
  expect(journal).not.toContain("aZ9k1");
});
