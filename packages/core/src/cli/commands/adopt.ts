import { findActor } from "../actor.js";
import { defineCommand } from "../command.js";
import { follow } from "../follow.js";
import { environmentOf } from "../subject.js";
import { actorFlags, environmentBrief, type ActorFlags } from "./shared-flags.js";

export const adoptCommand = defineCommand<ActorFlags>({
  name: "adopt",
  brief: "Record what serves now as the first release",
  description: "For an environment that was deployed by other means until now. Changes nothing at the targets.",
  subject: "environment",
  subjectBrief: environmentBrief,
  effect: "acts",
  untouched: "Nothing was recorded.",
  examples: ["adopt production"],
  flags: actorFlags,
  async run(session, { reason, actor: given }, subject) {
    const environment = environmentOf(session, subject);
    const actor = await findActor(given, session.env);
    return follow(session, {
      waiting: `asking the targets what serves in ${environment}`,
      environment,
      actor,
      interrupt: "abort-own",
      begin: (signal) => session.deployer.adopt({ environment, actor, signal, ...(reason === undefined ? {} : { reason }) }),
    });
  },
});
