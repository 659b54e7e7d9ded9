import { describe, expectTypeOf, test } from "vitest";
import * as z from "zod";
import {
  definePlugin,
  directory,
  isSecretReference,
  secret,
  type ApplicationCheck,
  type ComponentOptions,
  type Deployer,
  type DeployTarget,
  type Migrator,
  type Notifier,
  type SecretReference,
  type SecretSource,
} from "../index.js";
import { createDeployer } from "./create-deployer.js";

declare const target: DeployTarget;
declare const migrator: Migrator;
declare const notifier: Notifier;
declare const secrets: SecretSource;
declare const check: ApplicationCheck;
declare const hasWorker: boolean;

const host = definePlugin({
  id: "host",
  provides: ["target", "checks"],
  options: z.strictObject({ project: z.string() }),
  setup: () => ({ target, checks: [] }),
});
const engine = definePlugin({
  id: "engine",
  provides: ["target"],
  options: z.strictObject({ path: z.string().optional() }),
  setup: () => ({ target }),
});
const database = definePlugin({
  id: "database",
  provides: ["migrator"],
  options: z.strictObject({ url: z.custom<SecretReference>(isSecretReference) }),
  setup: () => ({ migrator }),
});
const chat = definePlugin({ id: "chat", provides: ["notifier"], options: z.strictObject({}), setup: () => ({ notifier }) });
const vault = definePlugin({ id: "vault", provides: ["secrets"], options: z.strictObject({}), setup: () => ({ secrets }) });

const application = "shop";
const plugins = [host({ project: "shop" }), engine({ name: "engine-eu" }), database({ url: secret("DATABASE_URL") }), chat()] as const;

describe("a configuration", () => {
  test("that is right compiles, and says by which names its environments and components are asked for", () => {
    const deployer = createDeployer({
      application,
      plugins: [host({ project: "shop" }), engine({ name: "engine-eu" }), database({ url: secret("DATABASE_URL") }), chat(), vault()],
      secrets: "vault",
      config: z.object({ port: z.number(), region: z.string().default("eu") }),
      environments: {
        production: {
          components: {
            web: { target: "host", source: directory("dist"), variables: { COLOR: "blue" } },
            worker: { target: "engine-eu", role: "worker", after: ["web"] },
          },
          migrator: "database",
          notify: ["chat"],
          verify: { within: "30s", successes: 3 },
          bake: { for: "10m", every: "5s" },
          checks: [check],
          config: { port: 80 },
        },
        staging: { target: "host", bake: "1m", config: { port: 8080, region: "us" } },
      },
    });
    expectTypeOf(deployer).toEqualTypeOf<Deployer<"production" | "staging", "web" | "worker">>();
  });

  test("is a deployer like any other to those who do not know its names", () => {
    const deployer = createDeployer({ application, plugins, environments: { production: { target: "host" } } });
    expectTypeOf(deployer).toExtend<Deployer>();
    expectTypeOf<ReturnType<typeof createDeployer>>().toEqualTypeOf<Deployer>();
  });
});

describe("names of plugins", () => {
  test("an unknown one is no target", () => {
    createDeployer({
      application,
      plugins: [host({ project: "shop" }), engine()],
      // @ts-expect-error Type '"hots"' is not assignable to type '"host" | "engine"'.
      environments: { production: { target: "hots" } },
    });
    createDeployer({
      application,
      plugins: [host({ project: "shop" }), engine()],
      // @ts-expect-error Type '"hots"' is not assignable to type '"host" | "engine"'.
      environments: { production: { components: { web: { target: "hots" } } } },
    });
  });

  test("a plugin that was given another name is known by that one only", () => {
    createDeployer({ application, plugins, environments: { production: { target: "engine-eu" } } });
    createDeployer({
      application,
      plugins,
      // @ts-expect-error It was named "engine-eu".
      environments: { production: { target: "engine" } },
    });
  });

  test("one that provides no target is no target", () => {
    createDeployer({
      application,
      plugins,
      // @ts-expect-error Type '"database"' is not assignable to type '"host" | "engine-eu"'.
      environments: { production: { target: "database" } },
    });
  });

  test("one that provides no migrator is no migrator, and an unknown one neither", () => {
    createDeployer({
      application,
      plugins,
      // @ts-expect-error Type '"host"' is not assignable to type '"database"'.
      environments: { production: { target: "host", migrator: "host" } },
    });
    createDeployer({
      application,
      plugins,
      // @ts-expect-error Type '"postgres"' is not assignable to type '"database"'.
      environments: { production: { target: "host", migrator: "postgres" } },
    });
  });

  test("one that is no notifier is not told, and an unknown one neither", () => {
    createDeployer({
      application,
      plugins,
      // @ts-expect-error Type '"host"' is not assignable to type '"chat"'.
      environments: { production: { target: "host", notify: ["chat", "host"] } },
    });
    createDeployer({
      application,
      plugins,
      // @ts-expect-error Type '"slack"' is not assignable to type '"chat"'.
      environments: { production: { target: "host", notify: ["slack"] } },
    });
  });

  test("one that has no steps brings none", () => {
    createDeployer({
      application,
      plugins,
      // @ts-expect-error Type '"chat"' is not assignable to type 'never'.
      environments: { production: { target: "host", steps: ["chat"] } },
    });
  });

  test("one that is no source of secrets is asked for none", () => {
    createDeployer({
      application,
      plugins: [host({ project: "shop" }), vault()],
      // @ts-expect-error It provides a target.
      secrets: "host",
      environments: { production: { target: "host" } },
    });
  });

  test("what is no plugin is none", () => {
    createDeployer({
      application,
      // @ts-expect-error It was not called.
      plugins: [host],
      environments: {},
    });
  });
});

describe("names of components", () => {
  test("an unknown one comes before none", () => {
    createDeployer({
      application,
      plugins,
      environments: {
        production: {
          components: {
            web: { target: "host" },
            // @ts-expect-error Type '"wbe"' is not assignable to type '"web" | "worker"'.
            worker: { target: "engine-eu", after: ["wbe"] },
          },
        },
      },
    });
  });

  test("one of another environment comes before none", () => {
    createDeployer({
      application,
      plugins,
      environments: {
        production: { components: { web: { target: "host" }, api: { target: "host" } } },
        // @ts-expect-error There is no api here.
        preview: { components: { web: { target: "host", after: ["api"] } } },
      },
    });
  });

  test("an unknown one has no source", () => {
    const deployer = createDeployer({ application, plugins, environments: { production: { components: { site: { target: "host" } } } } });
    void deployer.deploy({ environment: "production", source: directory("dist") });
    void deployer.deploy({ environment: "production", source: { site: directory("dist") } });
    // @ts-expect-error There is no component web.
    void deployer.plan({ environment: "production", source: { web: directory("dist") } });
  });
});

describe("components that exist only sometimes", () => {
  const web = { target: "host", source: directory("dist") } as const;
  const worker = { target: "engine", role: "worker", after: ["web"] } as const;
  const misplaced = { target: "engin", role: "worker" } as const;

  test("are inferred, with the plugins that exist only with them", () => {
    const deployer = createDeployer({
      application,
      plugins: [host({ project: "shop" }), ...(hasWorker ? [engine()] : [])],
      environments: { production: { components: { web, ...(hasWorker ? { worker } : {}) } } },
    });
    expectTypeOf(deployer).toEqualTypeOf<Deployer<"production", "web" | "worker">>();
  });

  test("are inferred also where they are written down on the spot", () => {
    const deployer = createDeployer({
      application,
      plugins: [host({ project: "shop" }), ...(hasWorker ? [engine()] : [])],
      environments: {
        production: {
          components: {
            web: { target: "host" },
            ...(hasWorker ? { worker: { target: "engine", role: "worker", after: ["web"] } } : {}),
          },
        },
      },
    });
    expectTypeOf(deployer).toEqualTypeOf<Deployer<"production", "web" | "worker">>();
  });

  test("can be written down before", () => {
    const components = hasWorker ? { web, worker } : { web };
    const deployer = createDeployer({
      application,
      plugins: [host({ project: "shop" }), ...(hasWorker ? [engine()] : [])],
      environments: { production: { components } },
    });
    expectTypeOf(deployer).toEqualTypeOf<Deployer<"production", "web" | "worker">>();
  });

  test("can come from somewhere where nothing is known about them", () => {
    const components: Readonly<Record<string, ComponentOptions<"host" | "engine">>> = { web };
    const deployer = createDeployer({
      application,
      plugins: [host({ project: "shop" }), engine()],
      environments: { production: { components } },
    });
    expectTypeOf(deployer).toEqualTypeOf<Deployer<"production">>();
  });

  test("are checked like all others", () => {
    createDeployer({
      application,
      plugins: [host({ project: "shop" }), ...(hasWorker ? [engine()] : [])],
      // @ts-expect-error Type '"engin"' is not assignable to type '"host" | "engine"'. Did you mean '"engine"'?
      environments: { production: { components: { web, ...(hasWorker ? { misplaced } : {}) } } },
    });
    const components = hasWorker ? { web, misplaced } : { web };
    createDeployer({
      application,
      plugins: [host({ project: "shop" }), ...(hasWorker ? [engine()] : [])],
      // @ts-expect-error Type '"engin"' is not assignable to type '"host" | "engine"'. Did you mean '"engine"'?
      environments: { production: { components } },
    });
  });
});

describe("options", () => {
  test("a misspelt one of the deployer is refused", () => {
    createDeployer({
      application,
      plugins,
      environments: { production: { target: "host" } },
      // @ts-expect-error Did you mean to write 'store'?
      sotre: undefined,
    });
  });

  test("a misspelt one of an environment is refused", () => {
    createDeployer({
      application,
      plugins,
      // @ts-expect-error Did you mean to write 'migrator'?
      environments: { production: { target: "host", migrater: "database" } },
    });
  });

  test("a misspelt one of a component is refused", () => {
    createDeployer({
      application,
      plugins,
      // @ts-expect-error Did you mean to write 'role'?
      environments: { production: { components: { web: { target: "host", rle: "web" } } } },
    });
  });

  test("a misspelt one further down is refused", () => {
    createDeployer({
      application,
      plugins,
      // @ts-expect-error Did you mean to write 'within'?
      environments: { production: { target: "host", verify: { witin: "60s" } } },
    });
  });

  test("one of a wrong kind is refused", () => {
    createDeployer({
      application,
      plugins,
      // @ts-expect-error Not a duration.
      environments: { production: { target: "host", bake: "10 minutes" } },
    });
    createDeployer({
      application,
      plugins,
      // @ts-expect-error Did you mean '"worker"'?
      environments: { production: { components: { web: { target: "host", role: "wrker" } } } },
    });
    createDeployer({
      application,
      plugins,
      // @ts-expect-error No such kind of environment.
      environments: { production: { target: "host", kind: "prod" } },
    });
  });

  test("those of a plugin are refused where they are given", () => {
    createDeployer({
      application,
      // @ts-expect-error Did you mean to write 'project'?
      plugins: [host({ projct: "shop" })],
      environments: { production: { target: "host" } },
    });
  });
});

describe("the application's own configuration", () => {
  const config = z.object({ port: z.number(), region: z.string().default("eu") });

  test("is checked against its schema", () => {
    createDeployer({
      application,
      plugins,
      config,
      // @ts-expect-error Type 'string' is not assignable to type 'number'.
      environments: { production: { target: "host", config: { port: "80" } } },
    });
    createDeployer({
      application,
      plugins,
      config,
      // @ts-expect-error Did you mean to write 'port'?
      environments: { production: { target: "host", config: { prt: 80 } } },
    });
  });

  test("is asked for where its schema cannot do without", () => {
    createDeployer({
      application,
      plugins,
      config,
      // @ts-expect-error Property 'config' is missing.
      environments: { production: { target: "host" } },
    });
    createDeployer({
      application,
      plugins,
      config: z.object({ region: z.string().default("eu") }),
      environments: { production: { target: "host" } },
    });
  });
});

describe("a deployer", () => {
  const deployer = createDeployer({
    application,
    plugins,
    environments: { production: { target: "host" }, preview: { target: "host", template: true } },
  });

  test("knows its environments", () => {
    void deployer.deploy({ environment: "production" });
    void deployer.status("production");
    // @ts-expect-error There is no environment "prod".
    void deployer.deploy({ environment: "prod" });
    // @ts-expect-error There is no environment "prod".
    void deployer.rollback({ environment: "prod" });
    // @ts-expect-error There is no environment "prod".
    void deployer.status("prod");
  });

  test("knows instances of templates, and of nothing else", () => {
    void deployer.deploy({ environment: "preview/pr-12" });
    // @ts-expect-error Production is no template.
    void deployer.deploy({ environment: "production/pr-12" });
  });

  test("knows the events that it can be asked for, and what they say", () => {
    deployer.on("deployment.succeeded", ({ data, summary }) => {
      expectTypeOf(data.outcome).toEqualTypeOf<"promoted" | "unchanged" | "rolled-back" | "adopted">();
      expectTypeOf(summary).toBeString();
    });
    deployer.onAny((event) => {
      if (event.type === "step.failed") expectTypeOf(event.data.again).toBeBoolean();
    });
    // @ts-expect-error There is no such event.
    deployer.on("deployment.succeded", () => undefined);
    // @ts-expect-error Did you mean 'outcome'?
    deployer.on("deployment.succeeded", ({ data }) => data.outcom);
  });
});
