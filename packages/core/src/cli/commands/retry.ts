import { findActor } from "../actor.js";
import { defineCommand } from "../command.js";
import { follow } from "../follow.js";
import { beginningWith, deploymentOf } from "../subject.js";
import { actorFlags, deploymentBrief, type ActorFlags } from "./shared-flags.js";

export const retryCommand = defineCommand<ActorFlags>({
  name: "retry",
  brief: "Try again what a deployment that needs attention failed in",
  description: "For a deployment that needs attention: tries again, in this process, what did not work.",
  subject: "deployment",
  subjectBrief: deploymentBrief,
  effect: "acts",
  untouched: "Nothing was changed.",
  examples: ['retry production --reason "the provider is back"', "retry dep_01k9x2m4v8q6t3w5y7z9a1b2c3"],
  flags: actorFlags,
  async run(session, { reason, actor: given }, subject) {
    const deploymentId = await deploymentOf(session, subject, beginningWith("needs_attention"));
    const actor = await findActor(given, session.env);
    const since = await (await session.deployer.deployment(deploymentId)).state();
    return follow(session, {
      since,
      waiting: `trying ${deploymentId} again`,
      environment: undefined,
      actor,
      interrupt: "abort",
      begin: () => session.deployer.retry({ deploymentId, actor, ...(reason === undefined ? {} : { reason }) }),
    });
  },
});
