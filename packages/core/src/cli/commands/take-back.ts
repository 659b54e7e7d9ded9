import { defineCommand } from "../command.js";
import { attend } from "./attend.js";
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
  run: (session, { reason, actor }, subject) =>
    attend(session, actor, subject, {
      waiting: (deploymentId) => `taking ${deploymentId} back`,
      interrupt: "leave",
      begin: (about) => session.deployer.takeBack({ ...about, reason }),
    }),
});
