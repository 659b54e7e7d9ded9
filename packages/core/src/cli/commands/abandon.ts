import { findActor } from "../actor.js";
import { defineCommand } from "../command.js";
import { exitCodeOfResult } from "../exit-codes.js";
import { follow } from "../follow.js";
import { deploymentOf } from "../subject.js";
import { actorFlags, deploymentBrief, said, type ActorFlags } from "./shared-flags.js";

interface AbandonFlags extends ActorFlags {
  readonly reason: string;
}

export const abandonCommand = defineCommand<AbandonFlags>({
  name: "abandon",
  brief: "Give up a deployment that needs attention",
  description: "Ends the deployment and frees its environment. What serves is left as it is: look at it yourself.",
  subject: "deployment",
  subjectBrief: deploymentBrief,
  effect: "acts",
  untouched: "Nothing was changed.",
  examples: ['abandon production --reason "put right by hand"'],
  flags: {
    ...actorFlags,
    reason: { kind: "parsed", parse: said, brief: "Why; kept in the history", placeholder: "text" },
  },
  async run(session, { reason, actor: given }, subject) {
    const deploymentId = await deploymentOf(session, subject, "under-way");
    const actor = await findActor(given, session.env);
    const since = await (await session.deployer.deployment(deploymentId)).state();
    return follow(session, {
      since,
      waiting: `giving up ${deploymentId}`,
      environment: undefined,
      actor,
      interrupt: "leave",
      exitCode: (result) => (result.phase === "abandoned" ? 0 : exitCodeOfResult(result)),
      begin: () => session.deployer.abandon({ deploymentId, actor, reason }),
    });
  },
});
