import { fail, type Clock } from "@fairlead/core";
import { expect, test } from "vitest";
import type { VercelDeployment } from "../api/deployment.js";
import type { VercelClient } from "../api/vercel-client.js";
import { vercelErrors } from "../vercel-errors.js";
import { watchUntilReady } from "./watch.js";

const deployment: VercelDeployment = {
  id: "dpl_1",
  host: "shop-1.vercel.app",
  projectId: "prj_1",
  state: "QUEUED",
  substate: undefined,
  production: true,
  meta: {},
  createdAt: 0,
  checks: "none",
  problem: undefined,
  inspector: undefined,
};

type Answer = Partial<VercelDeployment> | undefined | Error;

/** Watches a deployment of which Vercel says these things, the last one for ever, and answers how it ended, after which pauses. */
async function watch(answers: readonly Answer[]): Promise<{ readonly result: unknown; readonly pauses: readonly number[] }> {
  let now = 0;
  const pauses: number[] = [];
  const clock: Clock = {
    now: () => now,
    async sleep(milliseconds) {
      pauses.push(milliseconds);
      now += milliseconds;
    },
  };
  let asked = 0;
  const client: Pick<VercelClient, "deployment"> = {
    async deployment() {
      const answer = answers[Math.min(asked++, answers.length - 1)];
      if (answer instanceof Error) throw answer;
      return answer === undefined ? undefined : { ...deployment, ...answer };
    },
  };
  const say = (): void => undefined;
  const call = { signal: new AbortController().signal, log: { info: say, warn: say, error: say } };
  const result: unknown = await watchUntilReady({ client, clock }, deployment, call).catch((error: unknown) => error);
  return { result, pauses };
}

const silence = fail(vercelErrors, "VERCEL_UNREACHABLE", { operation: "read the deployment", problem: "ECONNRESET" });

test("it asks faster at first, then once a second", async () => {
  const { result, pauses } = await watch([...Array.from({ length: 6 }, () => ({ state: "BUILDING" })), { state: "READY" }]);
  expect(result).toMatchObject({ state: "READY" });
  expect(pauses).toEqual([250, 375, 562.5, 843.75, 1_000, 1_000, 1_000]);
});

test("a state that is new to it is one on the way", async () => {
  expect((await watch([{ state: "WARMING" }, { state: "READY" }])).result).toMatchObject({ state: "READY" });
});

test("checks that run are waited for, and one that fails ends it", async () => {
  expect(
    (
      await watch([
        { state: "READY", checks: "running" },
        { state: "READY", checks: "passed" },
      ])
    ).result,
  ).toMatchObject({ checks: "passed" });
  expect(
    (
      await watch([
        { state: "READY", checks: "running" },
        { state: "READY", checks: "failed" },
      ])
    ).result,
  ).toMatchObject({
    code: "VERCEL_BUILD_FAILED",
    retryable: false,
  });
});

test("silence is borne for a minute, and then said", async () => {
  expect((await watch([silence, silence, silence, { state: "READY" }])).result).toMatchObject({ state: "READY" });
  const { result, pauses } = await watch([silence]);
  expect(result).toBe(silence);
  expect(pauses.reduce((sum, pause) => sum + pause)).toBeLessThan(63_000);
});

test("what is not known for ten seconds is gone", async () => {
  expect((await watch([undefined, undefined, { state: "READY" }])).result).toMatchObject({ state: "READY" });
  const { result, pauses } = await watch([undefined]);
  expect(result).toMatchObject({ code: "VERCEL_CANDIDATE_GONE", retryable: false });
  expect(pauses.reduce((sum, pause) => sum + pause)).toBeLessThan(13_000);
});

test("what is refused for good is not asked again", async () => {
  const refused = fail(vercelErrors, "VERCEL_TOKEN_REJECTED", { operation: "read the deployment", secret: "VERCEL_TOKEN" });
  const { result, pauses } = await watch([refused]);
  expect(result).toBe(refused);
  expect(pauses).toHaveLength(1);
});
