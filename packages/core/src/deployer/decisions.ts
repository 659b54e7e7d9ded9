import type { DeploymentEventData } from "../contract/deployment-events.js";
import type { DraftEvent } from "../engine/deployment-writer.js";
import { followUp } from "../engine/follow-up.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { digestAsked, hasEnded, isWaiting, openGates, stepAsked, type Approval, type DeploymentState } from "../machine/index.js";
import { unnamedActor, type CommandOptions } from "./command-options.js";
import { createDeploymentHandle, readState } from "./deployment-handle.js";
import { openWriter } from "./driving.js";
import type { TakeOvers } from "./take-overs.js";
import { requireShown } from "./shown-digest.js";
import type { CommandInput, Deployer, WordInput } from "./types.js";

export type Decisions = Pick<
  Deployer,
  "abort" | "pause" | "resume" | "advance" | "advanceAll" | "approve" | "reject" | "release" | "retry" | "takeBack" | "abandon"
>;

type Command<Input extends CommandInput = CommandInput> = (input: Input) => ReturnType<Deployer["abort"]>;

/** Whether the process that records a decision also acts on it: `always`, and then it needs the secrets; where it `can` and nobody else does; or `never`, like somebody who agrees from a laptop. */
type Acting = "always" | "can" | "never";

/** What people decide about a deployment: rows in its journal, whoever drives it. */
export function createDecisions({ environments, store, clock, application }: CommandOptions, takeOvers: TakeOvers): Decisions {
  const decide = async (
    { deploymentId, recordOnly = false }: CommandInput,
    eventOf: (state: DeploymentState) => DraftEvent,
    acting: Acting = "never",
  ): ReturnType<Deployer["abort"]> => {
    const before = await readState(store, application, deploymentId);
    const { environment } = before.plan;
    if (acting === "always" && !recordOnly) await environments.runtime(environment);
    const { recorder, runtime } = recordOnly
      ? { ...(await environments.recorded(environment)), runtime: undefined }
      : await environments.observed(environment);
    const writer = openWriter(recorder, deploymentId);
    await writer.refresh();
    await writer.append((state = before) => {
      const event = eventOf(state);
      // Nobody drives what waits: what follows from the word is recorded with it.
      return isWaiting(state.phase) ? followUp(state, event, clock.now()) : [event];
    });
    if (recordOnly) return createDeploymentHandle({ store, clock, application, id: deploymentId, environment, joined: true });
    return runtime === undefined || acting === "never"
      ? takeOvers.follow(environment, deploymentId)
      : takeOvers.goOn(runtime, deploymentId);
  };

  const wish =
    (eventOf: (data: Wish) => DraftEvent, requireFit: (state: DeploymentState) => void, acting?: Acting): Command =>
    (input) => {
      const { actor = unnamedActor, reason = null } = input;
      return decide(
        input,
        (state) => {
          requireFit(state);
          return eventOf({ actor, reason });
        },
        acting,
      );
    };

  const word =
    (eventOf: (data: Approval) => DraftEvent): Command<WordInput> =>
    (input) => {
      const { actor = unnamedActor, reason = null, digest } = input;
      return decide(input, (state) => {
        const step = requireAsked(state);
        requireShown(state, step, digest);
        return eventOf({ actor, reason, step, digest: digestAsked(state, step) });
      });
    };

  return {
    abort: wish((data) => ({ type: "abort.requested", data }), requireOpen, "can"),
    pause: wish((data) => ({ type: "deployment.paused", data }), requireRunning),
    resume: wish((data) => ({ type: "deployment.resumed", data }), requirePaused),
    advance: wish((data) => ({ type: "advance.requested", data }), requireGate),
    advanceAll: wish((data) => ({ type: "advance-all.requested", data }), requireRunning),
    approve: word((data) => ({ type: "approval.granted", data })),
    reject: word((data) => ({ type: "approval.rejected", data })),
    release: wish((data) => ({ type: "deployment.released", data }), requireHeld),
    retry: wish((data) => ({ type: "retry.requested", data }), requireAttention, "always"),
    takeBack: wish((data) => ({ type: "rollback.requested", data }), requireForward, "always"),
    abandon: (input) => {
      const { actor = unnamedActor, reason } = input;
      return decide(input, (state) => {
        requireAttention(state);
        return { type: "deployment.abandoned", data: { actor, reason } };
      });
    },
  };
}

type Wish = DeploymentEventData["deployment.paused"];

function requireOpen({ id, phase }: DeploymentState): void {
  if (hasEnded(phase)) throw fail(coreErrors, "DEPLOYMENT_ENDED", { deploymentId: id, phase });
  if (phase === "needs_attention") throw fail(coreErrors, "DEPLOYMENT_WAITING", { deploymentId: id });
}

function requireAttention({ id, phase }: DeploymentState): void {
  if (phase !== "needs_attention") throw fail(coreErrors, "DEPLOYMENT_NOT_WAITING", { deploymentId: id, phase });
}

function requireForward(state: DeploymentState): void {
  requireAttention(state);
  if (state.rollback !== null) throw unfit(state, "It is being taken back already: `retry` tries again what failed.");
}

function requireRunning(state: DeploymentState): void {
  requireOpen(state);
  if (state.phase !== "running") throw unfit(state, `It is ${state.phase}.`);
}

function requirePaused(state: DeploymentState): void {
  requireOpen(state);
  if (state.pause === null) throw unfit(state, "It is not paused.");
}

function requireGate(state: DeploymentState): void {
  requireRunning(state);
  if (openGates(state).length === 0) throw unfit(state, "It is in no gate that can be left.");
}

function requireHeld(state: DeploymentState): void {
  requireOpen(state);
  if (state.phase !== "held") throw unfit(state, "Nothing holds it.");
}

/** The step that waits for people, or `null` for the plan as a whole. */
function requireAsked(state: DeploymentState): string | null {
  requireOpen(state);
  if (state.phase === "awaiting_approval") return null;
  const asking = stepAsked(state);
  if (asking === undefined) throw unfit(state, "Nobody is asked to agree to anything.");
  return asking.id;
}

function unfit({ id }: DeploymentState, why: string): Error {
  return fail(coreErrors, "COMMAND_UNFIT", { deploymentId: id, why });
}
