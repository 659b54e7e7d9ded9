import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as z from "zod";
import {
  createDeployer,
  definePlugin,
  directory,
  environmentSecrets,
  image,
  isSecretReference,
  memoryStore,
  secret,
  type Artifact,
  type Deployer,
  type DeployTarget,
  type SecretReference,
} from "../../src/index.js";
import { targetInMemory } from "./scene.js";

interface World {
  readonly options: { mode: string; key: string; token: SecretReference };
  readonly variables: Record<string, string>;
  source: ReturnType<typeof image>;
  /** What references mean; without an entry nobody can say. */
  readonly images: Record<string, string>;
  readonly prepared: Artifact[];
  readonly target: DeployTarget;
  readonly store: ReturnType<typeof memoryStore>;
}

function createWorld(source: World["source"], members: (images: World["images"]) => Partial<DeployTarget> = () => ({})): World {
  const images: World["images"] = {};
  const prepared: Artifact[] = [];
  const good = targetInMemory([]);
  const target: DeployTarget = {
    ...good,
    prepare: (input, call) => {
      prepared.push(input.artifact);
      return good.prepare(input, call);
    },
    ...members(images),
  };
  const options = { mode: "a", key: "KEY_ONE", token: secret("KEY_ONE") };
  return { options, variables: {}, source, images, prepared, target, store: memoryStore() };
}

const resolving = (images: World["images"]): Partial<DeployTarget> => ({
  resolve: async ({ reference }) => {
    const digest = images[reference];
    return digest === undefined ? undefined : { digest, pinned: `shop@${digest}`, note: `${reference} is ${digest}` };
  },
});

/** As a command would: each with a deployer of its own, over the same store and provider. */
async function withDeployer<Result>(world: World, work: (deployer: Deployer<"development">) => Promise<Result>): Promise<Result> {
  const { options, variables, source, target, store } = world;
  const fake = definePlugin({
    id: "fake",
    provides: ["target"],
    options: z.strictObject({ mode: z.string(), token: z.custom<SecretReference>(isSecretReference), fetch: z.custom<() => void>() }),
    setup: () => ({ target }),
  });
  await using deployer = createDeployer({
    application: "shop",
    store: { ...store, close: async () => undefined },
    secrets: environmentSecrets({ KEY_ONE: "first-canary", KEY_TWO: "second-canary" }),
    plugins: [fake({ mode: options.mode, token: options.token, fetch: () => undefined })],
    environments: {
      development: { components: { web: { target: "fake", source, variables: { ...variables } } }, timeouts: { settle: "0s" } },
    },
  });
  return await work(deployer);
}

async function outcomeOf(world: World, input: { readonly force?: boolean } = {}): Promise<string | null> {
  return withDeployer(world, async (deployer) => {
    const planned = await deployer.plan({ environment: "development", ...input });
    const { outcome } = await (await deployer.deploy({ environment: "development", ...input })).result();
    expect(planned.groups.length === 0).toBe(outcome === "unchanged");
    return outcome;
  });
}

const one = `sha256:${"1".repeat(64)}`;
const two = `sha256:${"2".repeat(64)}`;

async function folder(files: Readonly<Record<string, string>>): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "fairlead-unchanged-"));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(path, name, ".."), { recursive: true });
    await writeFile(join(path, name), text);
  }
  return path;
}

test.for<readonly [string, (world: World) => void]>([
  ["a variable of the component", ({ variables }) => Object.assign(variables, { API_URL: "https://api.example" })],
  ["an option of the target", ({ options }) => Object.assign(options, { mode: "b" })],
  ["the secret that an option names", ({ options }) => Object.assign(options, { token: secret("KEY_TWO") })],
])("%s is part of what is deployed", async ([, change]) => {
  const world = createWorld(image(`shop@${one}`));
  expect(await outcomeOf(world)).toBe("promoted");
  expect(await outcomeOf(world)).toBe("unchanged");
  change(world);
  expect(await outcomeOf(world)).toBe("promoted");
});

test("an image is what its tag means now, and what is planned is what is prepared", async () => {
  const world = createWorld(image("shop:latest"), resolving);
  world.images["shop:latest"] = one;
  expect(await outcomeOf(world)).toBe("promoted");
  expect(await outcomeOf(world)).toBe("unchanged");
  world.images["shop:latest"] = two;
  const plan = await withDeployer(world, (deployer) => deployer.plan({ environment: "development" }));
  expect(plan.warnings).toContain(`shop:latest is ${two}`);
  expect(await outcomeOf(world)).toBe("promoted");
  expect(world.prepared).toEqual([
    { kind: "image", reference: "shop:latest", digest: one, pinned: `shop@${one}` },
    { kind: "image", reference: "shop:latest", digest: two, pinned: `shop@${two}` },
  ]);
});

test.for(["cannot say", "is never asked"])("where a target %s what a tag means, it is deployed each time", async (which) => {
  const world = createWorld(image("shop:latest"), which === "cannot say" ? resolving : undefined);
  expect([await outcomeOf(world), await outcomeOf(world)]).toEqual(["promoted", "promoted"]);
  const digests = await withDeployer(world, async (deployer) => [
    (await deployer.plan({ environment: "development" })).digest,
    (await deployer.plan({ environment: "development" })).digest,
  ]);
  expect(new Set(digests).size).toBe(2);
});

test("what serves already is deployed again by force", async () => {
  const world = createWorld(image(`shop@${one}`));
  expect([await outcomeOf(world), await outcomeOf(world, { force: true })]).toEqual(["promoted", "promoted"]);
  expect(world.prepared).toHaveLength(2);
});

test("installed packages in a folder are content like everything else", async () => {
  const path = await folder({ "server.js": "run()", "node_modules/lib/index.js": "1" });
  const world = createWorld(directory(path));
  expect([await outcomeOf(world), await outcomeOf(world)]).toEqual(["promoted", "unchanged"]);
  await writeFile(join(path, "node_modules/lib/index.js"), "2");
  expect(await outcomeOf(world)).toBe("promoted");
});

test("only what the target takes of a folder is content", async () => {
  const path = await folder({ "index.html": "1", "notes.txt": "1" });
  const world = createWorld(directory(path), () => ({ files: async () => ["index.html"] }));
  expect(await outcomeOf(world)).toBe("promoted");
  await writeFile(join(path, "notes.txt"), "2");
  expect(await outcomeOf(world)).toBe("unchanged");
  await writeFile(join(path, "index.html"), "2");
  expect(await outcomeOf(world)).toBe("promoted");
});
