import type { ServingFact } from "../contract/deployment-events.js";
import type { Deployment, DeploymentResult } from "../deployer/types.js";
import { resultOf } from "../deployer/deployment-handle.js";
import { serializeError } from "../errors/fairlead-error.js";
import { isWaiting, wasUpToPeople } from "../machine/index.js";
import { exitCodeOfError, exitCodeOfResult, type ExitCode } from "./exit-codes.js";
import { nextAfterResult } from "./next-commands.js";
import { errorLines } from "./render/error.js";
import { resultLines } from "./render/result.js";
import type { CommandEnd, Session } from "./session.js";
import { createWatch, whereOf, type WatchOptions } from "./watch.js";

export interface FollowOptions extends WatchOptions {
  /** Whether what may not begin yet is waited for. Default true. */
  readonly waits?: boolean;
  /** Default: by the table of exit codes. */
  readonly exitCode?: (result: DeploymentResult) => ExitCode;
}

/** How long the targets may take to say what serves now, in milliseconds. */
const statusWithin = 5_000;

/** Begins a deployment or joins one, tells how it comes along until it has ended or needs attention, and what it came to. */
export async function follow(session: Session, options: FollowOptions): Promise<CommandEnd> {
  const watch = createWatch(session, options);
  try {
    const deployment = await Promise.race([watch.begin(), watch.left]);
    if (deployment === undefined) return leftEnd(options, undefined);
    const state = options.waits === false ? await deployment.state() : undefined;
    if (state !== undefined && isWaiting(state.phase))
      return conclude(session, options, resultOf(state, session.clock.now()), { serving: [], byPeople: true });
    const finished = await Promise.race([watch.toEnd(deployment), watch.left]);
    if (finished === undefined) return leftEnd(options, deployment);
    watch.progress.waiting("asking the targets what serves now");
    const serving = finished.attention?.serving ?? (await readServing(session, finished.environment, watch.hurried));
    const byPeople = await wasKeptByPeople(deployment, finished);
    watch.progress.stop();
    return conclude(session, options, finished, { serving, byPeople });
  } catch (error) {
    watch.progress.stop();
    const { deployment } = watch;
    if (deployment === undefined) throw error;
    return lostEnd(session, deployment, error);
  } finally {
    watch.stop();
  }
}

/** What it came to, what serves now, and what to do next. */
function conclude(
  { output }: Session,
  options: FollowOptions,
  result: DeploymentResult,
  facts: { readonly serving: readonly ServingFact[]; readonly byPeople: boolean },
): CommandEnd {
  output.record("result", { result, serving: facts.serving });
  output.text(resultLines(result, facts, output));
  return {
    exitCode: options.exitCode?.(result) ?? exitCodeOfResult(result),
    deployments: [result.deploymentId],
    next: nextAfterResult(result),
  };
}

/** Whether one that never began had to wait for people, as far as can be read. */
async function wasKeptByPeople(deployment: Deployment, { phase }: DeploymentResult): Promise<boolean> {
  return (phase !== "rejected" && phase !== "expired") || deployment.state().then(wasUpToPeople, () => true);
}

/** What serves now, read live; nothing where that takes too long, fails, or is not waited for. */
async function readServing(
  { deployer, clock }: Session,
  environment: string,
  hurried: Promise<undefined>,
): Promise<readonly ServingFact[]> {
  const answered = new AbortController();
  const tooLong = clock.sleep(statusWithin, { signal: answered.signal }).then(
    () => undefined,
    () => undefined,
  );
  try {
    const status = await Promise.race([deployer.status(environment), tooLong, hurried]);
    return status?.components.map(({ serving }) => serving) ?? [];
  } catch {
    return [];
  } finally {
    answered.abort();
  }
}

/** The person has gone; what is driven here is let go. */
function leftEnd(options: FollowOptions, deployment: Deployment | undefined): CommandEnd {
  const where = whereOf(options, deployment);
  return {
    exitCode: 8,
    ...(deployment === undefined ? {} : { deployments: [deployment.id] }),
    next: [`status${where}`, `recover${where}`],
    detached: true,
  };
}

/** Following a recorded deployment failed: that says nothing about the deployment. */
function lostEnd({ output }: Session, { id, environment }: Deployment, error: unknown): CommandEnd {
  const serialized = serializeError(error);
  output.record("error", { error: serialized, world: worldAfterLoss(id) });
  output.problem([...errorLines(serialized, output), `  ${worldAfterLoss(id)}`]);
  return {
    exitCode: exitCodeOfError(serialized),
    deployments: [id],
    next: [`status ${environment}`, `recover ${environment}`],
    mistaken: true,
  };
}

function worldAfterLoss(id: string): string {
  return `Deployment ${id} is recorded; what came of it since is in its journal.`;
}
