import type { WaitingFor } from "../contract/deployment-events.js";
import { stepsOf, type DeploymentState, type Phase } from "../machine/index.js";

/** What a deployment waits for while nothing of it runs. Time that a gate lets pass on purpose is work. */
export type WaitsFor = "people" | "queue" | "freeze" | "pause" | "requirement";

const byPhase: Readonly<Partial<Record<Phase, WaitsFor>>> = {
  queued: "queue",
  awaiting_approval: "people",
  held: "freeze",
  needs_attention: "people",
};

const byGate: Readonly<Record<WaitingFor, WaitsFor | undefined>> = {
  time: undefined,
  approval: "people",
  inconclusive: "people",
  freeze: "freeze",
  requirement: "requirement",
};

/** What it waits for in this state; `undefined` while it works. */
export function waitsFor(state: DeploymentState): WaitsFor | undefined {
  if (state.phase !== "running") return byPhase[state.phase];
  const attempts = stepsOf(state.plan).map(({ id }) => state.steps[id]?.forward);
  if (attempts.some((attempt) => attempt?.status === "started" || attempt?.status === "interrupted")) return undefined;
  if (state.pause !== null) return "pause";
  const waits = attempts.flatMap((attempt) => (attempt?.status === "deferred" ? [byGate[attempt.waitingFor]] : []));
  return waits.includes(undefined) ? undefined : waits[0];
}
