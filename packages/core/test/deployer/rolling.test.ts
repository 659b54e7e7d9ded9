import * as z from "zod";
import { afterEach, expect, test } from "vitest";
import {
  canary,
  createDeployer,
  definePlugin,
  image,
  memoryStore,
  rolling,
  type Deployer,
  type Deployment,
  type RollingStrategy,
  type Store,
} from "../../src/index.js";
import { createTestClock, pass, type TestClock } from "../cli/test-clock.js";
import { targetInMemory } from "./scene.js";

const places = ["a", "b", "c", "d"] as const;
type Place = (typeof places)[number];

interface Fleet {
  readonly clock: TestClock;
  readonly deployer: Deployer<"production">;
  /** What was promoted where, in order. */
  readonly moves: string[];
  /** Where nothing can be promoted. */
  readonly broken: Set<Place>;
  /** Where the checks of what serves are down. */
  readonly unwell: Set<Place>;
  /** When each move began, in milliseconds. */
  readonly at: number[];
  deploy(release: string): Promise<Deployment>;
}

let fleet: Fleet;

function hostOf({ moves, broken, unwell, at, clock }: Omit<Fleet, "deployer" | "deploy">, place: Place) {
  const target = targetInMemory([]);
  return definePlugin({
    id: place,
    provides: ["target", "checks"],
    options: z.strictObject({}),
    setup: () => ({
      target: {
        ...target,
        promote: (input, call) => {
          if (broken.has(place)) return Promise.reject(new Error(`${place} is out of order`));
          moves.push(`${place} ${input.candidate.id}`);
          at.push(clock.now());
          return target.promote(input, call);
        },
      },
      checks: [{ scope: "candidate", name: "answers", run: ({ live }) => ({ status: live && unwell.has(place) ? "down" : "up" }) }],
    }),
  })();
}

async function createFleet(options: Omit<RollingStrategy, "kind">): Promise<Fleet> {
  const clock = createTestClock();
  const store: Store = { ...memoryStore({ clock }), close: () => Promise.resolve() };
  const parts = { clock, moves: [], broken: new Set<Place>(), unwell: new Set<Place>(), at: [] };
  const deployer = createDeployer({
    application: "shop",
    store: { ...store, shared: true },
    clock,
    plugins: [hostOf(parts, "a"), hostOf(parts, "b"), hostOf(parts, "c"), hostOf(parts, "d")],
    environments: {
      production: {
        components: { worker: { target: [...places], role: "worker", strategy: rolling(options) } },
        verify: { within: "5s" },
        timeouts: { settle: "0s" },
      },
    },
  });
  const deploy = (release: string) =>
    deployer.deploy({ environment: "production", source: { worker: image(`worker@sha256:${release.repeat(64)}`) } });
  fleet = { ...parts, deployer, deploy };
  expect(await pass(clock, (await deploy("0")).result())).toMatchObject({ phase: "succeeded" });
  parts.moves.length = 0;
  parts.at.length = 0;
  return fleet;
}

afterEach(() => fleet.deployer.close());

test("batch after batch moves, and each is watched before the next", async () => {
  const { deploy, clock, moves, at } = await createFleet({ batch: "50%", watch: "30s" });
  const deployment = await deploy("1");
  expect(await pass(clock, deployment.result())).toMatchObject({ phase: "succeeded" });
  expect(moves).toEqual(["a c2", "b c2", "c c2", "d c2"]);
  expect((at[2] ?? 0) - (at[1] ?? 0)).toBeGreaterThanOrEqual(30_000);
  const { strategy, groups } = (await deployment.state()).plan;
  expect(strategy).toBe("rolling");
  expect(groups.filter(({ stage }) => stage === "promote").map(({ steps }) => steps.map(({ id }) => id))).toEqual([
    ["worker-a.promote", "worker-b.promote"],
    ["worker.batch.1.watch"],
    ["worker-c.promote", "worker-d.promote"],
    ["worker.batch.2.watch"],
  ]);
});

test("one place that is not well takes all back, and those that have not moved never do", async () => {
  const { deploy, clock, moves, unwell } = await createFleet({ watch: "30s" });
  unwell.add("b");
  const deployment = await deploy("1");
  expect(await pass(clock, deployment.result())).toMatchObject({ phase: "rolled_back", failedStep: "worker.batch.2.watch" });
  expect(moves).toEqual(["a c2", "b c2", "b c1", "a c1"]);
});

test("as many as may fail do, the others move, and a person decides before it is called a success", async () => {
  const { deploy, clock, moves, broken, deployer } = await createFleet({ batch: 2, failures: "25%", watch: "1s" });
  broken.add("b");
  const deployment = await deploy("1");
  expect(await pass(clock, deployment.result())).toMatchObject({
    phase: "needs_attention",
    attention: {
      reason: "worker-b.promote failed, and not everything has moved.",
      options: ["retry", "take-back", "abandon"],
      errors: [{ step: "worker-b.promote" }],
    },
  });
  expect(moves).toEqual(["a c2", "c c2", "d c2"]);
  broken.clear();
  const again = await deployer.retry({ deploymentId: deployment.id });
  expect(await pass(clock, again.result())).toMatchObject({ phase: "succeeded" });
  expect(moves.slice(3)).toEqual(["b c2"]);
});

test("one more takes all back", async () => {
  const { deploy, clock, moves, broken } = await createFleet({ batch: 2, failures: 1, watch: "1s" });
  broken.add("b").add("c");
  const deployment = await deploy("1");
  const ended = pass(clock, deployment.result());
  await clock.advance(10_000);
  broken.clear();
  expect(await ended).toMatchObject({ phase: "rolled_back" });
  expect(moves.slice(0, 2)).toEqual(["a c2", "d c2"]);
  expect(moves).toContain("a c1");
  expect(moves).toContain("d c1");
});

test("or, where that is wanted, the others wait for a person, who takes back what has moved", async () => {
  const { deploy, clock, moves, broken, deployer } = await createFleet({ onFailure: "ask", watch: "1s" });
  broken.add("b");
  const deployment = await deploy("1");
  expect(await pass(clock, deployment.result())).toMatchObject({
    phase: "needs_attention",
    attention: { reason: "worker-b.promote failed, and the others wait.", options: ["retry", "take-back", "abandon"] },
  });
  expect(moves).toEqual(["a c2"]);
  broken.clear();
  const back = await deployer.takeBack({ deploymentId: deployment.id, reason: "one host is away" });
  expect(await pass(clock, back.result())).toMatchObject({ phase: "rolled_back" });
  expect(moves).toEqual(["a c2", "b c1", "a c1"]);
});

test("all places go back to a retained release at once", async () => {
  const { deploy, clock, moves, at, deployer } = await createFleet({ watch: "30s" });
  expect(await pass(clock, (await deploy("1")).result())).toMatchObject({ phase: "succeeded" });
  moves.length = 0;
  at.length = 0;
  const back = await deployer.rollback({ environment: "production" });
  expect(await pass(clock, back.result())).toMatchObject({ phase: "succeeded", outcome: "rolled-back" });
  expect(moves).toEqual(["a c1", "b c1", "c c1", "d c1"]);
  expect(new Set(at).size).toBe(1);
});

test("what is wrong with a fleet is said once, with its place", async () => {
  await createFleet({});
  const { clock } = fleet;
  const parts = { clock, moves: [], broken: new Set<Place>(), unwell: new Set<Place>(), at: [] };
  const deployer = createDeployer({
    application: "shop",
    plugins: [hostOf(parts, "a"), hostOf(parts, "b")],
    environments: {
      development: {
        components: {
          worker: { target: ["a", "b"], role: "worker", strategy: canary({ steps: [{ weight: 10, for: "1m" }] }), after: ["web"] },
          "worker-a": { target: "a" },
          web: { target: ["a", "a"] },
        },
      },
    },
  });
  await expect(deployer.plan({ environment: "development", source: image("worker:1") })).rejects.toMatchObject({
    code: "CONFIGURATION_INVALID",
    data: {
      problems: [
        { place: "environments.development.components.web.target", problem: "expected different plugins." },
        {
          place: "environments.development.components.worker",
          problem: "is called worker-a in one of its places, and so is another component.",
        },
        { place: "environments.development.components.worker.strategy", problem: 'is a canary, and "a" sends no shares of the traffic.' },
        { place: "environments.development.components.worker.strategy", problem: 'is a canary, and "b" sends no shares of the traffic.' },
        { place: "environments.development.components.worker-a" },
      ],
    },
  });
  await deployer.close();
});
