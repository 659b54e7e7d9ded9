import type { Actor } from "../contract/deployment-events.js";
import type { Deployment, DeploymentResult } from "../deployer/types.js";
import { fail, isFairleadError, serializeError } from "../errors/fairlead-error.js";
import type { DeploymentState } from "../machine/index.js";
import { cliErrors } from "./cli-errors.js";
import { signalWord, type SignalName } from "./interrupts.js";
import { createProgress, type Progress } from "./render/progress.js";
import type { Session } from "./session.js";
import { createStopOutlook } from "./stop-outlook.js";

export interface WatchOptions {
  /** What is being done until there is a deployment: `making the plan`. */
  readonly waiting: string;
  /** Where it is known before there is a deployment. */
  readonly environment: string | undefined;
  /** The signal aborts when nobody wants it any more; what is recorded by then is answered. */
  readonly begin: (signal: AbortSignal) => Promise<Deployment>;
  readonly actor: Actor;
  /** What was known of the deployment before: only what comes after it is told. */
  readonly since?: DeploymentState;
  /** What the first Ctrl-C does: stop the deployment, stop it unless it was joined, or only stop watching it. */
  readonly interrupt: "abort" | "abort-own" | "leave";
}

/** Somebody who watches a deployment, and may want it to stop or go away. */
export interface Watch {
  readonly progress: Progress;
  readonly deployment: Deployment | undefined;
  /** Resolves when the person goes away. */
  readonly left: Promise<undefined>;
  /** Resolves when the person does not want to wait for what is only said besides. */
  readonly hurried: Promise<undefined>;
  begin(): Promise<Deployment>;
  toEnd(deployment: Deployment): Promise<DeploymentResult>;
  stop(): void;
}

/** How long whoever leaves waits for the wish to stop to be recorded, in milliseconds. */
const recordWithin = 1_000;

export function createWatch(session: Session, options: WatchOptions): Watch {
  const { deployer, output, clock, interrupts, typed } = session;
  const leaving = new AbortController();
  const unwanted = new AbortController();
  let stopping: Promise<void> | undefined;
  let deployment: Deployment | undefined;
  let stopWanted: SignalName | undefined;
  const outlook = createStopOutlook();
  let isRollingBack = options.since !== undefined && options.since.rollback !== null;
  let ended = false;
  const where = (): string => whereOf(options, deployment);
  const goesOn = (): boolean => options.interrupt === "leave" || (options.interrupt === "abort-own" && deployment?.joined === true);

  const progress = createProgress(output, clock, () => {
    if (ended) return "";
    if (stopWanted !== undefined) return "stopping; Ctrl-C again leaves it to another process";
    if (isRollingBack) return "";
    return `Ctrl-C ${goesOn() ? "stops watching" : outlook.hint()}`;
  });
  const removeLog = deployer.onLog(({ deploymentId, ...entry }) => {
    if (deployment === undefined || deploymentId === "" || deploymentId === deployment.id) progress.log(entry, deploymentId);
  });
  const { promise: left, resolve: leave } = Promise.withResolvers<undefined>();

  const { promise: hurried, resolve: hurry } = Promise.withResolvers<undefined>();

  const goAway = (text: string): void => {
    ended = true;
    progress.notice(text);
    progress.stop();
    const go = (): void => {
      leave(undefined);
      leaving.abort();
    };
    // The wish to stop outlives this process only once it is recorded.
    if (stopping === undefined) go();
    else void Promise.race([stopping, clock.sleep(recordWithin, { background: true })]).then(go);
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
    if (ended) {
      hurry(undefined);
      return;
    }
    if (count === 1 && !goesOn()) {
      stopWanted = signal;
      if (isRollingBack) {
        progress.notice(`What was begun is being taken back already. ${signalWord(signal)} again leaves it to another process.`);
        return;
      }
      const what = deployment === undefined ? "as soon as it is recorded" : outlook.words();
      progress.notice(
        `${signalWord(signal)}: the deployment is asked to stop, ${what}. ${signalWord(signal)} again leaves it to another process.`,
      );
      if (deployment === undefined) unwanted.abort(fail(cliErrors, "CLI_INTERRUPTED", { signal: signalWord(signal) }));
      else stopping = stop(deployment, signal);
      return;
    }
    if (deployment === undefined) goAway(`Left before it was known whether a deployment was recorded. See: ${typed(`status${where()}`)}`);
    else if (goesOn()) {
      goAway(`No longer watching deployment ${deployment.id}. Where nobody drives it, it is finished by: ${typed(`recover${where()}`)}`);
    } else goAway(`Left as it is. Deployment ${deployment.id} is finished by: ${typed(`recover${where()}`)}`);
  });

  return {
    progress,
    left,
    hurried,
    get deployment() {
      return deployment;
    },
    async begin() {
      progress.waiting(options.waiting);
      deployment = await options.begin(unwanted.signal);
      if (deployment.joined && options.interrupt === "abort-own") {
        progress.notice(`Joined deployment ${deployment.id}: it is under way already, or was asked for with the same key.`);
      }
      if (stopWanted !== undefined && !ended && !goesOn()) stopping = stop(deployment, stopWanted);
      return deployment;
    },
    async toEnd(target) {
      const { since } = options;
      if (since !== undefined) {
        progress.resume(since);
        outlook.resume(since);
      }
      for await (const event of target.events({ signal: leaving.signal, after: since?.version ?? 0 })) {
        if (ended) break;
        outlook.event(event);
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

/** The environment as the last word of a command. */
export function whereOf({ environment: given }: WatchOptions, deployment: Deployment | undefined): string {
  const environment = deployment?.environment ?? given;
  return environment === undefined ? "" : ` ${environment}`;
}
