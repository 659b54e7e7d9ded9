import type { DeploymentEvent, DeploymentEventData, DeploymentEventType, Outcome } from "../../src/contract/deployment-events.js";
import type { Plan } from "../../src/contract/plan.js";
import { toDeploymentEvents } from "../../src/deployer/deployment-event.js";
import type { Deployment, DeploymentResult } from "../../src/deployer/types.js";
import { fold, hasEnded, type DeploymentState, type MachineEvent } from "../../src/machine/index.js";
import type { Clock } from "../../src/time/clock.js";
import { deploymentId, fakePlan } from "./fake-plan.js";

/** A deployment whose events a test appends; readers see them at once. */
export interface FakeDeployment extends Deployment {
  append<Type extends DeploymentEventType>(type: Type, data: DeploymentEventData[Type]): void;
  /** Appends that a step began, let time pass, and that it ended well. */
  begin(step: string, direction?: "forward" | "undo"): void;
  succeed(step: string, direction?: "forward" | "undo"): void;
}

export function createFakeDeployment(
  clock: Clock,
  options: { readonly plan?: Plan; readonly joined?: boolean; readonly reason?: string } = {},
): FakeDeployment {
  const plan = options.plan ?? fakePlan();
  const machineEvents: MachineEvent[] = [];
  const events: DeploymentEvent[] = [];
  let waiting: (() => void)[] = [];

  const stateNow = (): DeploymentState => {
    const state = fold(machineEvents);
    if (state === undefined) throw new Error("no event yet");
    return state;
  };
  const append: FakeDeployment["append"] = (type, data) => {
    const event = { type, at: clock.now(), data } as unknown as MachineEvent;
    machineEvents.push(event);
    const stored = { type, at: new Date(event.at).toISOString(), data: data as never, version: machineEvents.length };
    events.push(...toDeploymentEvents([stored], stateNow()));
    for (const wake of waiting) wake();
    waiting = [];
  };
  const isOver = (): boolean => hasEnded(stateNow().phase) || stateNow().phase === "needs_attention";
  const change = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.push(resolve);
      signal?.addEventListener("abort", () => {
        reject(signal.reason as Error);
      });
    });

  append("deployment.created", {
    deploymentId,
    kind: plan.kind,
    plan,
    key: null,
    actor: { name: "ada", via: "cli" },
    reason: options.reason ?? null,
  });
  append("deployment.started", {
    holder: { name: "ci", host: "ci", pid: 7, boot: null, started: null },
    fence: 1,
    predecessorDead: true,
  });
  return {
    id: deploymentId,
    environment: plan.environment,
    joined: options.joined ?? false,
    append,
    begin(step, direction = "forward") {
      append("step.started", { step, direction, attempt: 1, fence: 1, deadline: clock.now() + 60_000 });
    },
    succeed(step, direction = "forward") {
      append("step.succeeded", { step, direction, attempt: 1, output: null, observed: false });
    },
    state: () => Promise.resolve(stateNow()),
    async *events({ after = 0, signal } = {}) {
      for (let index = after; ; index += 1) {
        while (events[index] === undefined) {
          if (isOver()) return;
          await change(signal);
        }
        const event = events[index];
        if (event !== undefined) yield event;
      }
    },
    lines: () => {
      throw new Error("lines was not expected to be called");
    },
    async result({ signal } = {}): Promise<DeploymentResult> {
      while (!isOver()) await change(signal);
      const state = stateNow();
      return {
        deploymentId: state.id,
        environment: plan.environment,
        phase: state.phase,
        outcome: state.outcome,
        release: plan.release.id,
        previousRelease: plan.previousRelease ?? null,
        error: state.error,
        failedStep: state.failedStep,
        attention: state.attention,
        duration: (state.endedAt ?? clock.now()) - state.createdAt,
      };
    },
  };
}

/** A deployment that has succeeded. */
export function succeededDeployment(clock: Clock, outcome: Outcome = "promoted"): FakeDeployment {
  const deployment = createFakeDeployment(clock);
  deployment.append("deployment.succeeded", { outcome });
  return deployment;
}
