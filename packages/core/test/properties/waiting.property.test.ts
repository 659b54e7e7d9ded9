import { proves } from "@fairlead/test-support";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import * as z from "zod";
import {
  createDeployer,
  definePlugin,
  defineStep,
  image,
  memoryStore,
  type Actor,
  type ApprovalOptions,
  type Deployer,
  type DeployTarget,
  type Duration,
  type Store,
} from "../../src/index.js";
import { targetInMemory } from "../deployer/scene.js";
import { createVirtualTime, type VirtualTime } from "./virtual-time.js";

const day = 86_400_000;
const person = (number: number): Actor => ({ name: `person ${String(number)}`, via: "cli" });
const sourceOf = (release: number) => image(`shop@sha256:${String(release).padStart(64, "0")}`);

interface Place {
  readonly time: VirtualTime;
  readonly store: Store;
  readonly target: DeployTarget;
}

function createPlace(): Place {
  const time = createVirtualTime();
  return { time, store: { ...memoryStore({ clock: time }), close: () => Promise.resolve() }, target: targetInMemory([]) };
}

/** A deployer of a process of its own. `level` is what a step of every plan does. */
function deployerAt({ time, store, target }: Place, approvals?: ApprovalOptions, level = () => 1): Deployer<"development"> {
  const host = definePlugin({ id: "host", provides: ["target"], options: z.strictObject({}), setup: () => ({ target }) });
  const dam = definePlugin({
    id: "dam",
    provides: ["steps"],
    options: z.strictObject({}),
    setup: () => ({
      steps: [
        defineStep({
          id: "raise",
          stage: "provision",
          get input() {
            return { level: level() };
          },
          settle: "0s",
          idempotency: "natural",
          reversibility: "leave",
          run: () => Promise.resolve(undefined),
        }),
      ],
    }),
  });
  return createDeployer({
    application: "shop",
    clock: time,
    store,
    plugins: [host(), dam()],
    environments: {
      development: {
        target: "host",
        queue: "queue",
        bake: "2s",
        timeouts: { settle: "0s" },
        ...(approvals === undefined ? {} : { approvals }),
      },
    },
  });
}

/** Deploys them one after the other, some of them by who has to be agreed to and never is, and answers what is in the journals of the others and when. */
async function timesOf(deployments: readonly { readonly release: number; readonly after: number; readonly isAgreed: boolean }[]) {
  const place = createPlace();
  const begun = place.time.now();
  const [quick, careful] = [deployerAt(place), deployerAt(place, { expiresAfter: "30d" })];
  const ids = new Map<number, string>();
  for (const { release, after, isAgreed } of deployments) {
    await place.time.pass(after);
    const deploying = (isAgreed ? quick : careful).deploy({ environment: "development", source: sourceOf(release) });
    await place.time.pass(0);
    if (isAgreed) ids.set(release, (await deploying).id);
  }
  await place.time.pass(60_000);
  const times = new Map<number, readonly string[]>();
  for (const [release, id] of ids) {
    const events = await place.store.read(`deployment/shop/${id}`);
    times.set(
      release,
      events.map(({ type, at }) => `${String(Date.parse(at) - begun)} ${type}`),
    );
  }
  const closing = Promise.all([quick.close(), careful.close()]);
  await place.time.pass(10_000);
  await closing;
  return times;
}

test("what nobody has agreed to, and what waits behind others, delays no other deployment by a millisecond", async (context) => {
  proves(context, "property", "I9");
  const deployments = fc
    .array(fc.record({ after: fc.constantFrom(0, 1, 500, 2_100, 5_000), isAgreed: fc.boolean() }), { minLength: 2, maxLength: 6 })
    .map((all) => all.map((one, index) => ({ ...one, release: index + 1 })));
  await fc.assert(
    fc.asyncProperty(deployments, async (all) => {
      const times = await timesOf(all);
      // Without those that wait for people: the time that passed before them passes before the next.
      const passed = all.map((one, index) => ({ ...one, at: all.slice(0, index + 1).reduce((sum, { after }) => sum + after, 0) }));
      const agreed = passed.filter(({ isAgreed }) => isAgreed);
      const alone = agreed.map(({ at, release }, index) => ({ release, isAgreed: true, after: at - (agreed[index - 1]?.at ?? 0) }));
      expect(times).toEqual(await timesOf(alone));
      // Without the last of the queue.
      const earlier = await timesOf(alone.slice(0, -1));
      for (const [release, events] of earlier) expect(times.get(release)).toEqual(events);
      for (const events of times.values()) expect(events.at(-1)).toMatch(/ deployment\.succeeded$/);
    }),
    { seed: 1, numRuns: 40 },
  );
});

test("the word of people is about the plan as it is: another plan needs another one, and what others deploy in between changes nothing", async (context) => {
  proves(context, "property", "I14");
  const moves = fc.array(
    fc.oneof(
      fc.record({ do: fc.constant("agree" as const), who: fc.nat(2) }),
      fc.record({ do: fc.constant("change" as const), level: fc.integer({ min: 1, max: 2 }) }),
      fc.record({ do: fc.constant("deploy another" as const) }),
    ),
    { maxLength: 8 },
  );
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 2 }), moves, async (required, all) => {
      const place = createPlace();
      let level = 1;
      let releases = 1;
      const [quick, careful] = [
        deployerAt(place, undefined, () => level),
        deployerAt(place, { required, expiresAfter: "30d" }, () => level),
      ];
      const deploying = careful.deploy({ environment: "development", source: sourceOf(releases) });
      await place.time.pass(1_000);
      const deployment = await deploying;
      /** By the level that the plan had which they were about. */
      const agreed = new Map<number, Set<number>>();
      const isEnough = (about: number): boolean => (agreed.get(about)?.size ?? 0) >= required;
      let planned = level;
      let hasBegun = false;
      for (const move of all) {
        if (hasBegun) break;
        if (move.do === "change") level = move.level;
        if (move.do === "deploy another") {
          releases += 1;
          void quick.deploy({ environment: "development", source: sourceOf(releases) });
        }
        if (move.do === "agree") {
          void careful.approve({ deploymentId: deployment.id, actor: person(move.who) });
          agreed.set(planned, (agreed.get(planned) ?? new Set()).add(move.who));
          if (isEnough(planned)) {
            planned = level;
            hasBegun = isEnough(planned);
          }
        }
        await place.time.pass(20_000);
        expect((await deployment.state()).phase).toBe(hasBegun ? "succeeded" : "awaiting_approval");
      }
      const closing = Promise.all([quick.close(), careful.close()]);
      await place.time.pass(10_000);
      await closing;
    }),
    { seed: 1, numRuns: 60 },
  );
});

test("people are waited for as long as it was said, also for months and with nobody there, and time in which it is paused does not count", async (context) => {
  proves(context, "property", "I19");
  const waits = fc.array(fc.record({ days: fc.integer({ min: 1, max: 20 }), isPaused: fc.boolean() }), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 25, max: 60 }), fc.constantFrom("start", "promote"), waits, async (most, before, all) => {
      const place = createPlace();
      const approvals: ApprovalOptions = { before, expiresAfter: `${String(most)}d` as Duration };
      /** Somebody comes, does something, looks after what is due, and goes. */
      const visit = async <Result>(what: (deployer: Deployer<"development">) => Promise<Result>): Promise<Result> => {
        const deployer = deployerAt(place, approvals);
        const leaving = new AbortController();
        const done = what(deployer);
        await place.time.pass(1_000);
        void deployer.work({ signal: leaving.signal });
        await place.time.pass(3_000);
        leaving.abort("it goes");
        const closing = deployer.close();
        await place.time.pass(6_000);
        await closing;
        return done;
      };
      const { id } = await visit((deployer) => deployer.deploy({ environment: "development", source: sourceOf(1) }));
      const phase = () => visit(async (deployer) => (await (await deployer.deployment(id)).state()).phase);
      let counted = 0;
      for (const { days, isPaused } of all) {
        const pauses = isPaused && before === "promote";
        if (pauses) await visit((deployer) => deployer.pause({ deploymentId: id }));
        await place.time.pass(days * day);
        if (pauses) await visit((deployer) => deployer.resume({ deploymentId: id }));
        else counted += days;
        await phase();
        const isOver = counted >= most;
        const open = before === "start" ? "awaiting_approval" : "running";
        const over = before === "start" ? "expired" : "rolled_back";
        expect(await phase()).toBe(isOver ? over : open);
        if (isOver) return;
      }
      await visit((deployer) => deployer.approve({ deploymentId: id, actor: person(1) }));
      expect(await phase()).toBe("succeeded");
    }),
    { seed: 1, numRuns: 30 },
  );
});
