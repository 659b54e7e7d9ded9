import { expect, test, vi } from "vitest";
import * as z from "zod";
import {
  createDeployer,
  definePlugin,
  environmentSecrets,
  isSecretReference,
  memoryStore,
  secret,
  type AnyPlugin,
  type Deployer,
  type SecretReference,
} from "../../src/index.js";
import { createFakeTarget } from "@fairlead/testing";

const setup = vi.fn(() => ({ target: createFakeTarget() }));
const host = definePlugin({
  id: "host",
  provides: ["target"],
  options: z.strictObject({ project: z.string(), token: z.custom<SecretReference>(isSecretReference), region: z.enum(["eu", "us"]) }),
  setup,
});

/** As JavaScript would, past the compiler. */
const misconfigured = host as unknown as (options: object) => AnyPlugin;
const createMisconfigured = createDeployer as unknown as (options: object) => Deployer;

test("nine mistakes are one report of nine lines, each with its place and its remedy, and nothing is touched", async () => {
  const store = { ...memoryStore(), shared: true, commit: vi.fn(), read: vi.fn(), list: vi.fn() };
  const environments = {
    development: { components: { web: { target: "hots" }, worker: { target: "host", after: ["wbe"] } } },
    staging: { target: "host", migrator: "postgres" },
    preview: { target: "host", verify: { within: "soon-canary" }, config: { url: "ok" } },
    production: { target: "host", bake: "1s", config: { url: 7 } },
  };
  const deployer = createMisconfigured({
    application: "shop",
    store,
    plugins: [misconfigured({ projct: "canary-project", token: secret("TOKEN"), region: "canary-region" })],
    environments,
    config: z.object({ url: z.string().default("x") }),
  });
  const error = await deployer.deploy({ environment: "production" }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "CONFIGURATION_INVALID" });
  const { data } = error as { data: { problems: { place: string; problem: string; remedy: string }[] } };
  expect(data.problems.map(({ place, problem }) => `${place} ${problem}`)).toMatchInlineSnapshot(`
    [
      "plugins.host.project is missing.",
      "plugins.host.region invalid option: expected one of "eu"|"us".",
      "plugins.host has no option "projct".",
      "environments.development.components.web.target names "hots", and there is no such plugin.",
      "environments.development.components.worker.after names "wbe", which is no other component.",
      "environments.staging.migrator names "postgres", and there is no such plugin.",
      "environments.preview.verify.within expected a duration such as "30s".",
      "environments.production.config.url invalid input: expected string, received number.",
      "secret TOKEN has no value in production.",
    ]
  `);
  expect(data.problems.every(({ remedy }) => remedy.length > 0)).toBe(true);
  expect(JSON.stringify(error) + String(error)).not.toContain("canary");
  expect([setup, store.commit, store.read, store.list].flatMap(({ mock }) => mock.calls)).toEqual([]);
});

test("the address of a repository is not taken for a folder in which nothing is known", async () => {
  const problemsOf = (repository: unknown) =>
    createMisconfigured({
      application: "shop",
      store: memoryStore(),
      secrets: environmentSecrets({ TOKEN: "x".repeat(20) }),
      plugins: [host({ project: "shop", token: secret("TOKEN"), region: "eu" })],
      environments: { development: { target: "host" } },
      repository,
    }).validate();
  for (const wrong of ["https://git.example/shop", "git@git.example:shop.git", new URL("file:///shop"), 5, null])
    expect(await problemsOf(wrong)).toMatchObject([{ place: "repository", remedy: "Write import.meta.dirname." }]);
  for (const right of [undefined, ".", "/srv/shop@2", "C:\\shop"]) expect(await problemsOf(right)).toEqual([]);
});

test("secrets without a value are in the same report, by name", async () => {
  const deployer = createDeployer({
    application: "shop",
    store: memoryStore(),
    secrets: environmentSecrets({ OTHER: "x" }),
    plugins: [host({ project: "shop", token: secret("TOKEN"), region: "eu" })],
    environments: { development: { target: "host" } },
  });
  expect(await deployer.validate("development")).toEqual([
    {
      place: "secret TOKEN",
      problem: "has no value in development.",
      remedy: "Set it in the environment of the process or in the secret source.",
    },
  ]);
});

test("production on a store that is not shared is refused with the remedy", async () => {
  const deployer = createDeployer({
    application: "shop",
    plugins: [host({ project: "shop", token: secret("TOKEN"), region: "eu" })],
    environments: { production: { target: "host" } },
  });
  expect(await deployer.validate()).toMatchObject([
    {
      place: "store",
      problem: expect.stringContaining("STORE_NOT_SHARED") as string,
      remedy: expect.stringContaining('join(import.meta.dirname, ".fairlead/journal.db"), singleMachine: true') as string,
    },
  ]);
});

const site = definePlugin({
  id: "site",
  provides: ["target"],
  options: z.strictObject({ project: z.string() }),
  place: ({ project }) => `project ${project.toLowerCase()}`,
  setup,
});

test("two components in a place that holds one are refused before anything is touched, also under two names of the plugin", async () => {
  const deployer = createDeployer({
    application: "shop",
    store: memoryStore(),
    plugins: [
      site({ project: "Shop" }),
      site({ name: "site-admin", project: "shop" }),
      site({ name: "site-docs", project: "docs" }),
      host({ project: "shop", token: secret("TOKEN"), region: "eu" }),
    ],
    environments: {
      development: { components: { web: { target: "site" }, admin: { target: "site" }, docs: { target: "site-docs" } } },
      preview: { components: { web: { target: "site" }, admin: { target: "site-admin" } } },
      test: { kind: "development", components: { web: { target: "site" }, admin: { target: "host" }, api: { target: "host" } } },
    },
  });
  const replaced = "puts admin where it puts web: into project shop. Each would replace the other.";
  const remedy = 'Give admin a place of its own: add site({ name: "site-admin", … }) with another place, and name it here.';
  const problems = [
    { place: "environments.development.components.admin.target", problem: `names "site", which ${replaced}`, remedy },
    { place: "environments.preview.components.admin.target", problem: `names "site-admin", which ${replaced}`, remedy },
  ];
  expect(await deployer.validate()).toEqual(problems);
  await expect(deployer.plan({ environment: "development" })).rejects.toMatchObject({ code: "CONFIGURATION_INVALID", data: { problems } });
  expect(setup).not.toHaveBeenCalled();
});

test("a plugin whose options do not fit is not asked for its place", async () => {
  const place = vi.fn(() => "nowhere");
  const fussy = definePlugin({ id: "fussy", provides: ["target"], options: z.strictObject({ project: z.string() }), place, setup });
  const deployer = createMisconfigured({
    application: "shop",
    store: memoryStore(),
    plugins: [(fussy as unknown as typeof misconfigured)({})],
    environments: { development: { components: { web: { target: "fussy" }, admin: { target: "fussy" } } } },
  });
  expect(await deployer.validate()).toMatchObject([{ place: "plugins.fussy.project", problem: "is missing." }]);
  expect(place).not.toHaveBeenCalled();
});

test("what is wrong in one place hides nothing that is wrong elsewhere, not even in the same environment", async () => {
  const deployer = createMisconfigured({
    application: "shop",
    store: memoryStore(),
    secrets: environmentSecrets({}),
    plugins: [host({ project: "shop", token: secret("TOKEN"), region: "eu" })],
    environments: {
      development: {
        components: {
          web: { target: "hots" },
          worker: { target: "host", after: ["wbe"] },
          api: { target: "host", role: "server", after: ["worker"] },
        },
        retain: 0,
        bake: "later",
        notify: ["mail"],
        tarket: "host",
      },
    },
  });
  const problems = await deployer.validate("development");
  expect(problems.map(({ place }) => place).sort()).toEqual([
    "environments.development",
    "environments.development.bake",
    "environments.development.components.api.role",
    "environments.development.components.web.target",
    "environments.development.components.worker.after",
    "environments.development.notify",
    "environments.development.retain",
    "secret TOKEN",
  ]);
});

const named = (...names: readonly string[]): Deployer => {
  const options = { kind: "development", template: true, target: "site" };
  const environments = Object.fromEntries(names.map((name) => [name, options]));
  return createMisconfigured({ application: "shop", store: memoryStore(), plugins: [site({ project: "shop" })], environments });
};

test("environments have names that can be written everywhere", async () => {
  const bad = ["", "a b/../c", "Production", "eu/", "../x", "pr_1"];
  const problems = await named("production", "eu/production", "9-lives", ...bad).validate();
  expect(problems.map(({ place }) => place)).toEqual(bad.map((name) => `environments.${name === "" ? '""' : name}`));
});

test.for([
  ["preview/pr-12", true],
  ["preview/eu/pr-12", true],
  ["preview", true],
  ["preview/", false],
  ["preview/pr-12/../../x", false],
  ["preview/pr-12/x", false],
  ["preview/Pr 12", false],
  ["constructor", false],
] as const)("an instance of a template is one word behind a slash: %s", async ([name, isKnown]) => {
  const asked = named("preview", "preview/eu").validate(name);
  await (isKnown ? expect(asked).resolves.toEqual([]) : expect(asked).rejects.toMatchObject({ code: "ENVIRONMENT_UNKNOWN" }));
});
