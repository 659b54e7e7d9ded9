import type { Phase } from "../../machine/index.js";
import type { CommandInput, Deployer, Deployment } from "../../deployer/types.js";
import { findActor } from "../actor.js";
import { defineCommand } from "../command.js";
import { stateWords } from "../render/words.js";
import { beginningWith, deploymentOf } from "../subject.js";
import { actorFlags, deploymentBrief, type ActorFlags } from "./shared-flags.js";

/** A command that records what somebody decided about a deployment, and leaves acting on it to whoever drives it. */
export function defineDecision(options: {
  readonly name: string;
  readonly brief: string;
  readonly description: string;
  readonly examples: readonly string[];
  /** Where an environment is named, the deployment in one of these phases is meant before others. */
  readonly phases: readonly Phase[];
  /** In the past tense: `paused`. */
  readonly done: string;
  readonly decide: (deployer: Deployer, input: CommandInput) => Promise<Deployment>;
}): ReturnType<typeof defineCommand<ActorFlags>> {
  const { name, brief, description, examples, phases, done, decide } = options;
  return defineCommand<ActorFlags>({
    name,
    brief,
    description,
    subject: "deployment",
    subjectBrief: deploymentBrief,
    effect: "acts",
    untouched: "Nothing was changed.",
    examples,
    flags: actorFlags,
    async run(session, { reason, actor: given }, subject) {
      const { deployer, env, output } = session;
      const deploymentId = await deploymentOf(session, subject, beginningWith(...phases));
      const actor = await findActor(given, env);
      const deployment = await decide(deployer, { deploymentId, actor, ...(reason === undefined ? {} : { reason }) });
      const state = await deployment.state();
      output.record("decision", { deploymentId, decision: name, phase: state.phase });
      output.text([`${deploymentId} is ${done}. It is ${stateWords(state)} now.`]);
      return { exitCode: 0, deployments: [deploymentId], next: [`status ${deployment.environment}`] };
    },
  });
}
