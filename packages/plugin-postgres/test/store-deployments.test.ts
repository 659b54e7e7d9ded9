import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createDeployer, definePlugin, directory, type Deployer, type DeployTarget, type Store } from "@fairlead/core";
import { expect, test } from "vitest";
import * as z from "zod";
import { useStores, type StoreScene } from "./support/store-scene.js";

const createScene = useStores();

/** What a provider says was done to it, whoever asked. */
interface Provider {
  readonly effects: string[];
  /** Called before and behind every effect. */
  moment: (name: string) => Promise<void>;
}

function targetOf(provider: Provider): DeployTarget {
  const made = new Map<string, string>();
  let current: string | undefined;
  return {
    roles: ["web"],
    description: "a target in memory",
    prepare: async ({ key }) => {
      await provider.moment("before prepare");
      const id = made.get(key) ?? `c${String(made.size + 1)}`;
      if (!made.has(key)) provider.effects.push(`prepare ${id}`);
      made.set(key, id);
      await provider.moment("behind prepare");
      return { id };
    },
    observe: async ({ key }) => {
      const id = made.get(key);
      return id === undefined ? { status: "absent" } : { status: "applied", candidate: { id } };
    },
    promote: async ({ candidate }) => {
      await provider.moment("before promote");
      if (candidate.id !== current) provider.effects.push(`promote ${candidate.id}`);
      current = candidate.id;
      await provider.moment("behind promote");
    },
    current: async () => (current === undefined ? undefined : { candidate: { id: current }, settled: true }),
    retained: async () => [],
  };
}

function deployerOn(store: Store, target: DeployTarget, name: string, leaseTtl: `${number}s`): Deployer<"production"> {
  const fake = definePlugin({ id: "fake", provides: ["target"], options: z.strictObject({}), setup: () => ({ target }) });
  return createDeployer({
    application: "shop",
    name,
    store,
    leaseTtl,
    plugins: [fake()],
    environments: {
      production: { target: "fake", bake: { for: "100ms", every: "20ms" }, verify: { within: "1s" }, timeouts: { settle: "0s" } },
    },
  });
}

async function source() {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-"));
  await writeFile(join(folder, "index.html"), String(Math.random()));
  return directory(folder);
}

/** Deploys while something is done to the server at a moment, beside a worker that would take it over; then says what is in the journal. */
async function deployThrough(
  scene: StoreScene,
  {
    at,
    disturb,
    worker = true,
    patience = "10s",
  }: { at: string; disturb: () => Promise<void>; worker?: boolean; patience?: `${number}ms` | `${number}s` },
) {
  let disturbed: Promise<void> | undefined;
  const provider: Provider = {
    effects: [],
    moment: async (name) => {
      if (name !== at || disturbed !== undefined) return;
      disturbed = disturb();
      // Both orders happen: the server is away while the answer is recorded, or it was before.
      await sleep(Math.random() * 50);
    },
  };
  const target = targetOf(provider);
  // Beside a worker the lease outlives what is done to the server, however slow the machine is: whoever takes over from one that is not proved dead waits for the deadline of what was begun.
  const leaseTtl = worker ? "60s" : "2s";
  const deployer = deployerOn(scene.open({ patience }), target, "first", leaseTtl);
  const other = deployerOn(scene.open(), target, "second", leaseTtl);
  const stop = new AbortController();
  const working = worker ? other.work({ signal: stop.signal }).catch(() => undefined) : undefined;
  const deployment = await deployer.deploy({ environment: "production", source: await source() });
  const { phase } = await deployment.result();
  await disturbed;
  const events = await scene.open().read(`deployment/shop/${deployment.id}`);
  stop.abort();
  await working;
  await Promise.all([deployer.close({ within: "0s" }), other.close({ within: "0s" })]);
  return { phase, events, effects: provider.effects };
}

type Deployed = Awaited<ReturnType<typeof deployThrough>>;

/** One holder at a time, every event once, and what was done was done once. */
function expectSound({ phase, events, effects }: Deployed): void {
  expect(phase).toBe("succeeded");
  expect(effects).toEqual(["prepare c1", "promote c1"]);
  expect(events.map(({ version }) => version)).toEqual(events.map((_, index) => index + 1));
  const fences = events.flatMap(({ data }) => (typeof data["fence"] === "number" ? [data["fence"]] : []));
  expect(fences).toEqual(fences.toSorted((a, b) => a - b));
  const outcomes = events.flatMap(({ type, data }) =>
    type.startsWith("step.") && type !== "step.started" ? [JSON.stringify([data["step"], data["direction"], data["attempt"]])] : [],
  );
  expect(outcomes.filter((outcome, index) => outcomes.indexOf(outcome) !== index)).toEqual([]);
  expect(events.filter(({ type }) => type === "deployment.succeeded")).toHaveLength(1);
}

const moments = ["before prepare", "behind prepare", "before promote", "behind promote"];

test.each(moments)("connections that are ended %s cost a deployment nothing", async (at) => {
  const scene = await createScene();
  const deployed = await deployThrough(scene, {
    at,
    disturb: async () => {
      for (let times = 0; times < 10; times += 1) {
        await scene.terminate();
        await sleep(Math.random() * 20);
      }
    },
  });
  expectSound(deployed);
  expect(new Set(deployed.events.flatMap(({ data }) => (typeof data["fence"] === "number" ? [data["fence"]] : []))).size).toBe(1);
});

test.each(moments)("a server that restarts %s costs a deployment nothing", async (at) => {
  const scene = await createScene();
  expectSound(await deployThrough(scene, { at, disturb: () => scene.restart() }));
});

test("a database that is away for longer than a call waits ends no deployment", async () => {
  const scene = await createScene();
  const away = async (): Promise<void> => {
    scene.relay.refuse(true);
    scene.relay.cut();
    await sleep(1_200);
    scene.relay.refuse(false);
  };
  expectSound(await deployThrough(scene, { at: "behind prepare", disturb: away, worker: false, patience: "200ms" }));
});

test("a process that could not reach the database for longer than its lease goes on with its deployment, as another holder", async () => {
  const scene = await createScene();
  const away = async (): Promise<void> => {
    scene.relay.refuse(true);
    scene.relay.cut();
    await sleep(5_000);
    scene.relay.refuse(false);
  };
  expectSound(await deployThrough(scene, { at: "behind prepare", disturb: away, worker: false, patience: "200ms" }));
}, 180_000);
