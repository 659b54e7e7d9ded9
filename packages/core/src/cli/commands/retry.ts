import { defineCommand } from "../command.js";
import { attend } from "./attend.js";
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
  run: (session, { reason, actor }, subject) =>
    attend(session, actor, subject, {
      waiting: (deploymentId) => `trying ${deploymentId} again`,
      interrupt: "abort",
      begin: (about) => session.deployer.retry({ ...about, ...(reason === undefined ? {} : { reason }) }),
    }),
});
