import { findActor } from "../actor.js";
import { defineCommand } from "../command.js";
import { follow } from "../follow.js";
import { beginningWith, deploymentOf } from "../subject.js";
import { actorFlags, deploymentBrief, reasonFlag, type ReasonedFlags } from "./shared-flags.js";

export const takeBackCommand = defineCommand<ReasonedFlags>({
  name: "take-back",
  brief: "Take back a deployment that needs attention all the same",
  description:
    "For a deployment that stopped behind a step that cannot be taken back: takes back, in this process, everything else. Whether the code before works on what stays is for you to know.",
  subject: "deployment",
  subjectBrief: deploymentBrief,
  effect: "acts",
  untouched: "Nothing was changed.",
  examples: ['take-back production --reason "works on the new schema"'],
  flags: { ...actorFlags, reason: reasonFlag },
  async run(session, { reason, actor: given }, subject) {
    const deploymentId = await deploymentOf(session, subject, beginningWith("needs_attention"));
    const actor = await findActor(given, session.env);
    const since = await (await session.deployer.deployment(deploymentId)).state();
    return follow(session, {
      since,
      waiting: `taking ${deploymentId} back`,
      environment: undefined,
      actor,
      interrupt: "leave",
      begin: () => session.deployer.takeBack({ deploymentId, actor, reason }),
    });
  },
});
