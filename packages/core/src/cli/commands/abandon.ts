import { defineCommand } from "../command.js";
import { exitCodeOfResult } from "../exit-codes.js";
import { attend } from "./attend.js";
import { actorFlags, deploymentBrief, reasonFlag, type ReasonedFlags } from "./shared-flags.js";

export const abandonCommand = defineCommand<ReasonedFlags>({
  name: "abandon",
  brief: "Give up a deployment that needs attention",
  description: "Ends the deployment and frees its environment. What serves is left as it is: look at it yourself.",
  subject: "deployment",
  subjectBrief: deploymentBrief,
  effect: "acts",
  untouched: "Nothing was changed.",
  examples: ['abandon production --reason "put right by hand"'],
  flags: { ...actorFlags, reason: reasonFlag },
  run: (session, { reason, actor }, subject) =>
    attend(session, actor, subject, {
      waiting: (deploymentId) => `giving up ${deploymentId}`,
      interrupt: "leave",
      exitCode: (result) => (result.phase === "abandoned" ? 0 : exitCodeOfResult(result)),
      begin: (about) => session.deployer.abandon({ ...about, reason }),
    }),
});
