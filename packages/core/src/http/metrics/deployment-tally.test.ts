import { expect, test } from "vitest";
import type { DeploymentSummary } from "../../deployer/types.js";
import type { Phase } from "../../machine/index.js";
import { createDeploymentTally } from "./deployment-tally.js";

const line = (id: string, phase: Phase): DeploymentSummary => ({
  id,
  environment: "production",
  kind: "deploy",
  phase,
  outcome: null,
  release: "rel_1",
  previousRelease: null,
  cause: null,
  exposed: true,
  waited: 10_000,
  restoredIn: null,
  createdAt: "2026-11-21T10:00:00.000Z",
  endedAt: phase === "running" ? null : "2026-11-21T10:01:00.000Z",
  commit: null,
  actor: "ada",
  reason: null,
  error: null,
});

/** A history, the newest first, in pages of two. */
function createHistory(lines: DeploymentSummary[]) {
  const asked: number[] = [];
  const history = {
    lines,
    asked,
    failing: false,
    history: async ({ after = "0" }: { readonly after?: string } = {}) => {
      const start = Number(after);
      asked.push(start);
      if (history.failing && start > 0) throw new TypeError("away");
      const next = start + 2 < history.lines.length ? { next: String(start + 2) } : {};
      return { items: history.lines.slice(start, start + 2), ...next };
    },
  };
  return history;
}

const labels = (phase: string) => ({ environment: "production", kind: "deploy", phase });

test("what has ended is counted once, and only what may be new is read again", async () => {
  const history = createHistory([line("4", "running"), line("3", "succeeded"), line("2", "failed"), line("1", "succeeded")]);
  const tally = createDeploymentTally(history);
  const first = await tally.read();
  expect(first.ended).toEqual([
    { labels: labels("succeeded"), value: 2 },
    { labels: labels("failed"), value: 1 },
  ]);
  expect(first.durations).toEqual([{ labels: { environment: "production", kind: "deploy" }, value: 100 }]);
  expect(first.open).toEqual([{ labels: { environment: "production", phase: "running" }, value: 1 }]);

  history.lines = [line("5", "succeeded"), line("4", "rolled_back"), ...history.lines.slice(1)];
  history.asked.length = 0;
  const second = await tally.read();
  expect(second.ended).toContainEqual({ labels: labels("rolled_back"), value: 1 });
  expect(second.ended).toContainEqual({ labels: labels("succeeded"), value: 3 });
  expect(second.open).toEqual([]);
  history.asked.length = 0;
  await tally.read();
  expect(history.asked).toEqual([0]);
});

test("what was open is found again, however much has come since", async () => {
  const history = createHistory([line("1", "running")]);
  const tally = createDeploymentTally(history);
  await tally.read();
  history.lines = [line("5", "succeeded"), line("4", "succeeded"), line("3", "succeeded"), line("2", "succeeded"), line("1", "running")];
  await tally.read();
  expect((await tally.read()).open).toHaveLength(1);
});

test("of a history that could not be read whole nothing is counted", async () => {
  const history = createHistory([line("3", "succeeded"), line("2", "succeeded"), line("1", "succeeded")]);
  const tally = createDeploymentTally(history);
  history.failing = true;
  await expect(tally.read()).rejects.toThrow("away");
  history.failing = false;
  expect((await tally.read()).ended).toEqual([{ labels: labels("succeeded"), value: 3 }]);
});
