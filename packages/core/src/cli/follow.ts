import type { Actor, ServingFact } from "../contract/deployment-events.js";
import type { Deployment, DeploymentResult } from "../deployer/types.js";
import { isFairleadError, serializeError } from "../errors/fairlead-error.js";
import type { DeploymentState } from "../machine/index.js";
import { exitCodeOfError, exitCodeOfResult, type ExitCode } from "./exit-codes.js";
import { signalWord, type SignalName } from "./interrupts.js";
import { nextAfterResult } from "./next-commands.js";
import { errorLines } from "./render/error.js";
import { createProgress, type Progress } from "./render/progress.js";
import { resultLines } from "./render/result.js";
import type { CommandEnd, Session } from "./session.js";

export interface FollowOptions {
  /** What is being done until there is a deployment: `making the plan`. */
  readonly waiting: string;
  /** Where it is known before there is a deployment. */
  readonly environment: string | undefined;
  readonly begin: () => Promise<Deployment>;
  readonly actor: Actor;
  /** What was known of the deployment before: only what comes after it is told. */
  readonly since?: DeploymentState;
  /** What the first Ctrl-C does: stop the deployment, stop it unless it was joined, or only stop watching it. */
  readonly interrupt: "abort" | "abort-own" | "leave";
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
    const finished = await Promise.race([watch.toEnd(deployment), watch.left]);
    if (finished === undefined) return leftEnd(options, deployment);
    watch.progress.waiting("asking the targets what serves now");
    const serving = finished.attention?.serving ?? (await readServing(session, finished.environment));
    watch.progress.stop();
    return conclude(session, options, finished, serving);
  } catch (error) {
    watch.progress.stop();
    const { deployment } = watch;
    if (deployment === undefined) throw error;
    return lostEnd(session, deployment, error);
  } finally {
    watch.stop();
  }
}

interface Watch {
  readonly progress: Progress;
  readonly deployment: Deployment | undefined;
  /** Resolves when the person goes away. */
  readonly left: Promise<undefined>;
  begin(): Promise<Deployment>;
  toEnd(deployment: Deployment): Promise<DeploymentResult>;
  stop(): void;
}

function createWatch(session: Session, options: FollowOptions): Watch {
  const { deployer, output, clock, interrupts, typed } = session;
  const leaving = new AbortController();
  let deployment: Deployment | undefined;
  let stopWanted: SignalName | undefined;
  let isRollingBack = options.since !== undefined && options.since.rollback !== null;
  let ended = false;
  const where = (): string => whereOf(options, deployment);
  const goesOn = (): boolean => options.interrupt === "leave" || (options.interrupt === "abort-own" && deployment?.joined === true);

  const progress = createProgress(output, clock, () => {
    if (stopWanted !== undefined) return "stopping; Ctrl-C again leaves it to another process";
    if (isRollingBack) return "";
    return goesOn() ? "Ctrl-C stops watching" : "Ctrl-C takes back what was begun";
  });
  const removeLog = deployer.onLog(({ deploymentId, ...entry }) => {
    if (deployment === undefined || deploymentId === "" || deploymentId === deployment.id) progress.log(entry, deploymentId);
  });
  const { promise: left, resolve: leave } = Promise.withResolvers<undefined>();

  const goAway = (text: string): void => {
    ended = true;
    progress.notice(text);
    progress.stop();
    leaving.abort();
    leave(undefined);
  };
  const stop = async (target: Deployment, signal: SignalName): Promise<void> => {
    try {
      await deployer.abort({ deploymentId: target.id, actor: options.actor, reason: `interrupted by ${signalWord(signal)}` });
    } catch (error) {
      if (ended || isFairleadError(error, "DEPLOYMENT_ENDED") || isFairleadError(error, "DEPLOYMENT_WAITING")) return;
      progress.notice(`It could not be asked to stop: ${serializeError(error).message}`);
    }
  };
  interrupts.use((count, signal) => {
    if (ended) return;
    if (count === 1 && !goesOn()) {
      stopWanted = signal;
      if (isRollingBack) {
        progress.notice(`What was begun is being taken back already. ${signalWord(signal)} again leaves it to another process.`);
        return;
      }
      const what = deployment === undefined ? "as soon as it is recorded" : "and what was begun is taken back";
      progress.notice(
        `${signalWord(signal)}: the deployment is asked to stop, ${what}. ${signalWord(signal)} again leaves it to another process.`,
      );
      if (deployment !== undefined) void stop(deployment, signal);
      return;
    }
    if (deployment === undefined) goAway(`Left before it was known whether a deployment was recorded. See: ${typed(`status${where()}`)}`);
    else if (goesOn()) goAway(`No longer watching; deployment ${deployment.id} goes on where it is driven.`);
    else goAway(`Left as it is. Deployment ${deployment.id} is finished by: ${typed(`recover${where()}`)}`);
  });

  return {
    progress,
    left,
    get deployment() {
      return deployment;
    },
    async begin() {
      progress.waiting(options.waiting);
      deployment = await options.begin();
      if (stopWanted !== undefined && !ended && !goesOn()) void stop(deployment, stopWanted);
      return deployment;
    },
    async toEnd(target) {
      const { since } = options;
      if (since !== undefined) progress.resume(since);
      for await (const event of target.events({ signal: leaving.signal, after: since?.version ?? 0 })) {
        if (ended) break;
        isRollingBack ||= event.type === "rollback.started";
        progress.event(event);
      }
      const result = await target.result({ signal: leaving.signal });
      ended = true;
      return result;
    },
    stop() {
      progress.stop();
      removeLog();
    },
  };
}

/** What it came to, what serves now, and what to do next. */
function conclude({ output }: Session, options: FollowOptions, result: DeploymentResult, serving: readonly ServingFact[]): CommandEnd {
  output.record("result", { result, serving });
  output.text(resultLines(result, serving, output));
  return {
    exitCode: options.exitCode?.(result) ?? exitCodeOfResult(result),
    deployments: [result.deploymentId],
    next: nextAfterResult(result),
  };
}

/** What serves now, read live; nothing where that takes too long or fails. */
async function readServing({ deployer, clock }: Session, environment: string): Promise<readonly ServingFact[]> {
  const answered = new AbortController();
  const tooLong = clock.sleep(statusWithin, { signal: answered.signal }).then(
    () => undefined,
    () => undefined,
  );
  try {
    const status = await Promise.race([deployer.status(environment), tooLong]);
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

/** The environment as the last word of a command. */
function whereOf({ environment: given }: FollowOptions, deployment: Deployment | undefined): string {
  const environment = deployment?.environment ?? given;
  return environment === undefined ? "" : ` ${environment}`;
}
