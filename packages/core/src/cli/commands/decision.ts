import type { FlagParametersForType } from "@stricli/core";
import type { Phase } from "../../machine/index.js";
import type { CommandInput, Deployer, Deployment } from "../../deployer/types.js";
import { findActor } from "../actor.js";
import { defineCommand, type CliContext } from "../command.js";
import { stateWords } from "../render/words.js";
import { beginningWith, deploymentOf } from "../subject.js";
import { actorFlags, deploymentBrief, type ActorFlags } from "./shared-flags.js";

/** A command that records what somebody decided about a deployment, and leaves acting on it to whoever drives it. */
export function defineDecision<Flags extends object = object>(options: {
  readonly name: string;
  readonly brief: string;
  readonly description: string;
  readonly examples: readonly string[];
  /** Where an environment is named, the deployment in one of these phases is meant before others. */
  readonly phases: readonly Phase[];
  /** In the past tense: `paused`. */
  readonly done: string;
  /** Besides the reason and the actor. */
  readonly flags: FlagParametersForType<Flags, CliContext>;
  readonly decide: (deployer: Deployer, input: CommandInput, flags: Flags) => Promise<Deployment>;
}): ReturnType<typeof defineCommand<ActorFlags & Flags>> {
  const { name, brief, description, examples, phases, done, decide } = options;
  return defineCommand<ActorFlags & Flags>({
    name,
    brief,
    description,
    subject: "deployment",
    subjectBrief: deploymentBrief,
    effect: "acts",
    untouched: "Nothing was changed.",
    examples,
    flags: { ...actorFlags, ...options.flags } as FlagParametersForType<ActorFlags & Flags, CliContext>,
    async run(session, flags, subject) {
      const { reason, actor: given } = flags;
      const { deployer, env, output } = session;
      const deploymentId = await deploymentOf(session, subject, beginningWith(...phases));
      const actor = await findActor(given, env);
      const deployment = await decide(deployer, { deploymentId, actor, ...(reason === undefined ? {} : { reason }) }, flags);
      const state = await deployment.state();
      output.record("decision", { deploymentId, decision: name, phase: state.phase });
      const now = state.pause === null ? `It is ${stateWords(state)} now.` : "What runs goes on; nothing more begins until `resume`.";
      output.text([`${deploymentId} is ${done}. ${now}`]);
      return { exitCode: 0, deployments: [deploymentId], next: [`status ${deployment.environment}`] };
    },
  });
}
