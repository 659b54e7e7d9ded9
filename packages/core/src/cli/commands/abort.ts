import { findActor } from "../actor.js";
import { defineCommand } from "../command.js";
import { exitCodeOfResult } from "../exit-codes.js";
import { follow } from "../follow.js";
import { beginningWith, deploymentOf } from "../subject.js";
import { actorFlags, deploymentBrief, type ActorFlags } from "./shared-flags.js";

export const abortCommand = defineCommand<ActorFlags>({
  name: "abort",
  brief: "Ask a deployment to stop; what was begun is taken back",
  description: "Records the wish to stop, for whoever drives the deployment, and watches until it is fulfilled.",
  subject: "deployment",
  subjectBrief: deploymentBrief,
  effect: "acts",
  untouched: "Nothing was changed.",
  examples: ["abort production", 'abort dep_01k9x2m4v8q6t3w5y7z9a1b2c3 --reason "wrong branch"'],
  flags: actorFlags,
  async run(session, { reason, actor: given }, subject) {
    const deploymentId = await deploymentOf(session, subject, beginningWith("running", "rolling_back"));
    const actor = await findActor(given, session.env);
    const since = await (await session.deployer.deployment(deploymentId)).state();
    return follow(session, {
      since,
      waiting: `asking ${deploymentId} to stop`,
      environment: undefined,
      actor,
      interrupt: "leave",
      // It did what it was asked to: that it did not deploy is no failure here.
      exitCode: (result) => (result.phase === "cancelled" || result.phase === "rolled_back" ? 0 : exitCodeOfResult(result)),
      begin: () => session.deployer.abort({ deploymentId, actor, ...(reason === undefined ? {} : { reason }) }),
    });
  },
});
