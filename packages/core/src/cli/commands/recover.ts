import type { Recovery, RecoveryRefusal } from "../../deployer/types.js";
import { findActor } from "../actor.js";
import { defineCommand } from "../command.js";
import { exitCodeOfError, worstOf } from "../exit-codes.js";
import { follow } from "../follow.js";
import { errorLines } from "../render/error.js";
import { createProgress } from "../render/progress.js";
import type { CommandEnd, Session } from "../session.js";
import { environmentOf } from "../subject.js";
import { actorFlags, type ActorFlags } from "./shared-flags.js";

export const recoverCommand = defineCommand<Pick<ActorFlags, "actor">>({
  name: "recover",
  brief: "Go on with what a process that is gone left behind",
  description:
    "Finds out what came of the deployments that nobody drives any more and finishes them or takes them back, in one environment or in all, and delivers messages that wait. Waits until a lease has ended; refuses what another process drives.",
  subject: "environment",
  subjectBrief: "Its name; all where it is left out",
  effect: "acts",
  examples: ["recover production", "recover"],
  flags: { actor: actorFlags.actor },
  async run(session, { actor: given }, subject) {
    const environment = subject === undefined ? undefined : environmentOf(session, subject);
    const actor = await findActor(given, session.env);
    const found = await findLeftBehind(session, environment);
    if (found === undefined) return { exitCode: 8, next: ["history"], detached: true };
    const { deployments, refusals } = found;
    const ends: CommandEnd[] = [];
    for (const deployment of deployments) {
      const end = await follow(session, {
        waiting: `going on with ${deployment.id}`,
        environment: deployment.environment,
        actor,
        interrupt: "abort",
        begin: () => Promise.resolve(deployment),
      });
      ends.push(end);
      if (end.detached === true) break;
    }
    if (ends.every(({ detached }) => detached !== true)) ends.push(...refusals.map((refusal) => refusalEnd(session, refusal)));
    if (ends.length === 0) session.output.text(["No deployment was left behind."]);
    return {
      exitCode: worstOf(ends.map(({ exitCode }) => exitCode)),
      deployments: [...deployments.map(({ id }) => id), ...refusals.map(({ deploymentId }) => deploymentId)],
      next: [...new Set(ends.flatMap(({ next = [] }) => next))],
      mistaken: ends.some(({ mistaken }) => mistaken === true),
      detached: ends.some(({ detached }) => detached === true),
    };
  },
});

/** Why one could not be gone on with. It keeps what it has, and this command from ending well. */
function refusalEnd({ output }: Session, { deploymentId, environment, error }: RecoveryRefusal): CommandEnd {
  const world = `Deployment ${deploymentId} in ${environment} was left as it is.`;
  output.record("error", { error, world });
  output.problem([...errorLines(error, output), `  ${world}`]);
  return { exitCode: exitCodeOfError(error), next: [`logs ${deploymentId}`], mistaken: true };
}

/** Waiting for a lease takes as long as a lease lasts: it can be left, which is answered by `undefined`. */
async function findLeftBehind(
  { deployer, interrupts, output, clock }: Session,
  environment: string | undefined,
): Promise<Recovery | undefined> {
  const leaving = new AbortController();
  const { promise: left, resolve: leave } = Promise.withResolvers<undefined>();
  const progress = createProgress(output, clock, () => "Ctrl-C leaves things as they are");
  interrupts.use(() => {
    leaving.abort();
    leave(undefined);
  });
  progress.waiting(`looking for what was left behind${environment === undefined ? "" : ` in ${environment}`}`);
  try {
    return await Promise.race([deployer.recover({ signal: leaving.signal, ...(environment === undefined ? {} : { environment }) }), left]);
  } finally {
    progress.stop();
  }
}
