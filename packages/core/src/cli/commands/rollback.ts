import { findActor } from "../actor.js";
import { defineCommand } from "../command.js";
import { follow } from "../follow.js";
import { environmentOf } from "../subject.js";
import { actorFlags, environmentBrief, textFlag, type ActorFlags } from "./shared-flags.js";

interface RollbackFlags extends ActorFlags {
  readonly to?: string;
}

export const rollbackCommand = defineCommand<RollbackFlags>({
  name: "rollback",
  brief: "Put a retained release back",
  description:
    "A new deployment that moves back to a retained release: the newest whose probe passes, or the one named. The database stays.",
  subject: "environment",
  subjectBrief: environmentBrief,
  effect: "acts",
  untouched: "Nothing was recorded; what serves was left as it is.",
  examples: ['rollback production --reason "checkout fails"', "rollback production --to rel_01k9x2m4v8q6t3w5y7z9a1b2c3"],
  flags: { ...actorFlags, to: textFlag("The release to put back", "release") },
  async run(session, { reason, actor: given, to }, subject) {
    const environment = environmentOf(session, subject);
    const actor = await findActor(given, session.env);
    return follow(session, {
      waiting: `looking for a release to put back in ${environment}`,
      environment,
      actor,
      interrupt: "abort-own",
      begin: (signal) =>
        session.deployer.rollback({
          environment,
          actor,
          signal,
          ...(reason === undefined ? {} : { reason }),
          ...(to === undefined ? {} : { to }),
        }),
    });
  },
});
