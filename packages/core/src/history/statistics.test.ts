import { expect, test } from "vitest";
import { spreadOf, statisticsOf, type PastDeployment } from "./statistics.js";

const minute = 60_000;
const month = 28 * 86_400_000;
const begun = Date.parse("2026-11-01T10:00:00Z");

/** A deployment that took a minute and succeeded. */
function past(more: Partial<PastDeployment> & { readonly took?: number } = {}): PastDeployment {
  const { took = minute, ...rest } = more;
  return {
    environment: "production",
    kind: "deploy",
    phase: "succeeded",
    outcome: "promoted",
    release: "rel_1",
    previousRelease: "rel_0",
    cause: null,
    exposed: true,
    waited: 0,
    restoredIn: null,
    createdAt: new Date(begun).toISOString(),
    endedAt: new Date(begun + took).toISOString(),
    ...rest,
  };
}

const only = (deployments: readonly PastDeployment[]) => {
  const [statistics, ...others] = statisticsOf(deployments, month);
  expect(others).toEqual([]);
  return statistics;
};

test("success, failure, and what is neither", () => {
  expect(
    only([
      past(),
      past(),
      past({ phase: "rolled_back", outcome: null, cause: "step-failed" }),
      past({ phase: "rolled_back", outcome: null, cause: "abort" }),
      past({ phase: "abandoned", outcome: null }),
      past({ phase: "failed", outcome: null, exposed: false }),
      ...(["superseded", "rejected", "expired", "cancelled"] as const).map((phase) => past({ phase, outcome: null, exposed: false })),
      past({ outcome: "unchanged", exposed: false }),
      past({ phase: "needs_attention", outcome: null, endedAt: null }),
      past({ kind: "adopt", outcome: "adopted", exposed: false }),
    ]),
  ).toMatchObject({ deployments: 13, succeeded: 2, failed: 3, stopped: 1, neverBegan: 5, open: 1, successRate: 0.4, perWeek: 0.5 });
});

test("a duration is without what was waited for, and only of what succeeded", () => {
  const waited = 25 * 86_400_000;
  const times = [1, 2, 3, 4, 5, 6, 7, 8, 9, 30].map((minutes) => past({ took: waited + minutes * minute, waited }));
  const failed = past({ took: 500 * minute, phase: "rolled_back", outcome: null, cause: "step-failed" });
  expect(only([...times, failed])).toMatchObject({
    duration: { count: 10, median: 5 * minute, p90: 9 * minute },
    waiting: { median: waited, p90: waited },
  });
});

test("a change has failed when it was taken back after it had begun to serve, or was rolled back later", () => {
  const rollback = past({ kind: "rollback", outcome: "rolled-back", release: "rel_0", previousRelease: "rel_2", restoredIn: 4_000 });
  expect(
    only([
      past(),
      past({ release: "rel_2" }),
      past({ release: "rel_3", phase: "rolled_back", outcome: null, cause: "step-failed", restoredIn: 2_000 }),
      past({ release: "rel_4", phase: "rolled_back", outcome: null, cause: "step-failed", exposed: false }),
      rollback,
    ]),
  ).toMatchObject({ changeFailureRate: 2 / 3, rollbacks: 1, timeToRollback: { count: 2, median: 2_000, p90: 4_000 } });
});

test("environments are apart, and of nothing nothing is said", () => {
  const two = statisticsOf([past(), past({ environment: "preview/pr-12", phase: "cancelled", outcome: null, exposed: false })], month);
  expect(two.map(({ environment, successRate, duration }) => [environment, successRate, duration.median])).toEqual([
    ["preview/pr-12", null, null],
    ["production", 1, minute],
  ]);
  expect(statisticsOf([], month)).toEqual([]);
  expect(spreadOf([7])).toEqual({ count: 1, median: 7, p90: 7 });
});
