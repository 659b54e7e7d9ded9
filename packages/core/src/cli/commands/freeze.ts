import { findActor } from "../actor.js";
import { defineCommand } from "../command.js";
import { environmentOf } from "../subject.js";
import { actorFlags, environmentBrief, reasonFlag, textFlag, type ActorFlags, type ReasonedFlags } from "./shared-flags.js";

interface FreezeFlags extends ReasonedFlags {
  readonly until?: string;
}

export const freezeCommand = defineCommand<FreezeFlags>({
  name: "freeze",
  brief: "Stop the line: let nothing but a rollback begin",
  description: "What is deployed meanwhile is held until the freeze ends. What is under way goes on.",
  subject: "environment",
  subjectBrief: environmentBrief,
  effect: "acts",
  untouched: "Nothing was changed.",
  examples: ["freeze staging --reason fair --until 2026-12-27T08:00:00Z", 'freeze production --reason "incident 42"'],
  flags: { ...actorFlags, reason: reasonFlag, until: textFlag("When it ends by itself; else with unfreeze", "time") },
  async run(session, { reason, until, actor: given }, subject) {
    const environment = environmentOf(session, subject);
    const actor = await findActor(given, session.env);
    await session.deployer.freeze({ environment, reason, actor, ...(until === undefined ? {} : { until }) });
    session.output.record("freeze", { environment, reason, until: until ?? null });
    session.output.text([`Nothing begins in ${environment} until ${until ?? "it is unfrozen"}, rollbacks excepted.`]);
    return { exitCode: 0, next: [`unfreeze ${environment}`, `status ${environment}`] };
  },
});

export const unfreezeCommand = defineCommand<ActorFlags>({
  name: "unfreeze",
  brief: "Let deployments begin again",
  description:
    "Ends a freeze that somebody began; times that the configuration names stay. What was held begins, where a process waits with it.",
  subject: "environment",
  subjectBrief: environmentBrief,
  effect: "acts",
  untouched: "Nothing was changed.",
  examples: ["unfreeze production"],
  flags: actorFlags,
  async run(session, { reason, actor: given }, subject) {
    const environment = environmentOf(session, subject);
    const actor = await findActor(given, session.env);
    await session.deployer.unfreeze({ environment, actor, ...(reason === undefined ? {} : { reason }) });
    session.output.record("unfreeze", { environment });
    session.output.text([`Deployments to ${environment} may begin again.`]);
    return { exitCode: 0, next: [`status ${environment}`] };
  },
});

export const unpinCommand = defineCommand<ActorFlags>({
  name: "unpin",
  brief: "End the pin that a rollback left",
  description: "Deployments that nobody asks for explicitly may replace what was put back again. Deploying explicitly does it too.",
  subject: "environment",
  subjectBrief: environmentBrief,
  effect: "acts",
  untouched: "Nothing was recorded.",
  examples: ['unpin production --reason "mended in main"'],
  flags: actorFlags,
  async run(session, { reason, actor: given }, subject) {
    const environment = environmentOf(session, subject);
    const actor = await findActor(given, session.env);
    await session.deployer.unpin({ environment, actor, ...(reason === undefined ? {} : { reason }) });
    session.output.record("unpin", { environment });
    session.output.text([`${environment} is no longer pinned.`]);
    return { exitCode: 0, next: [`status ${environment}`] };
  },
});
