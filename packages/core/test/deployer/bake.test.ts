import { expect, test } from "vitest";
import { image, memoryStore, type BakeOptions, type CheckResult, type Store } from "../../src/index.js";
import { createTestClock, pass } from "../cli/test-clock.js";
import { createScene } from "./scene.js";

/** What comes of a release over another one, that answers so in the seconds after its promote. */
async function bake(options: Omit<BakeOptions, "every">, statusAt: (second: number) => CheckResult["status"]) {
  const clock = createTestClock();
  const store: Store = { ...memoryStore({ clock }), close: () => Promise.resolve() };
  const served = { release: "", since: 0 };
  const { deployer } = createScene({
    clock,
    store,
    environment: { verify: { within: "5s" }, bake: options },
    candidate: ({ live, candidate }) => {
      if (!live || candidate.id === "c1") return { status: "up" };
      if (served.release === "") Object.assign(served, { release: candidate.id, since: clock.now() });
      return { status: statusAt(Math.round((clock.now() - served.since) / 1_000)) };
    },
  });
  const deploy = (release: string) => deployer.deploy({ environment: "development", source: image(`shop@sha256:${release.repeat(64)}`) });
  await pass(clock, (await deploy("1")).result());
  const result = await pass(clock, (await deploy("2")).result());
  const seconds = Math.round((clock.now() - served.since) / 1_000);
  await pass(clock, deployer.close());
  return { phase: result.phase, code: result.error?.code, seconds };
}

const downFrom =
  (first: number, last = Number.POSITIVE_INFINITY) =>
  (second: number) =>
    second >= first && second <= last ? ("down" as const) : ("up" as const);

test("a check that fails three times in a row takes the release back, one that comes back before does not", async () => {
  expect(await bake({ for: "10s" }, downFrom(4))).toMatchObject({ phase: "rolled_back", code: "BAKE_FAILED", seconds: 6 });
  expect(await bake({ for: "10s" }, downFrom(4, 5))).toMatchObject({ phase: "succeeded", seconds: 10 });
});

test("where it has to fail for some time too, it is given that time", async () => {
  const options = { for: "60s", failures: 2, failingFor: "20s" } as const;
  expect(await bake(options, downFrom(4, 20))).toMatchObject({ phase: "succeeded", seconds: 60 });
  expect(await bake(options, downFrom(4))).toMatchObject({ phase: "rolled_back", seconds: 24 });
});

test("what fails when the time is over is watched until it is known what that means", async () => {
  expect(await bake({ for: "10s" }, downFrom(9, 10))).toMatchObject({ phase: "succeeded", seconds: 11 });
  expect(await bake({ for: "10s" }, downFrom(9))).toMatchObject({ phase: "rolled_back", seconds: 11 });
  expect(await bake({ for: "10s", failingFor: "2m" }, downFrom(9))).toMatchObject({ phase: "rolled_back", seconds: 129 });
});
