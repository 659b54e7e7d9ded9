import {
  fail,
  isFairleadError,
  type FairleadError,
  type Candidate,
  type Clock,
  type ComponentReference,
  type DeploymentCall,
} from "@fairlead/core";
import { containersOf, hasPassedGate, requireCandidate } from "./containers.js";
import { dockerErrors } from "./docker-errors.js";
import { drain } from "./drain.js";
import type { DockerEngine } from "./engine/docker-engine.js";
import { isAlive, type ContainerFacts } from "./engine/facts.js";
import { reportFailure } from "./failure-report.js";
import { watchStart, type GateVerdict } from "./gate.js";
import type { WorkerSettings } from "./options.js";

export interface PromoteContext {
  readonly engine: DockerEngine;
  readonly clock: Clock;
  readonly settings: WorkerSettings;
}

export type PromoteInput = ComponentReference & { readonly candidate: Candidate; readonly previous?: Candidate };

/**
 * Makes a container the only one of its component that runs: starts it, gates it, and stops every other, in the order that `overlap` says. Looks at the engine first and
 * does what is missing, so that whatever was half done is finished, also when going back to an older one. A container that does not pass is stopped again, and what
 * ran before runs.
 */
export async function promote(context: PromoteContext, input: PromoteInput, call: DeploymentCall): Promise<void> {
  const { engine, settings } = context;
  const { signal, log } = call;
  const candidate = await requireCandidate(engine, input, signal);
  const others = (await containersOf(engine, input, signal)).filter((one) => one.id !== candidate.id);
  const running = others.filter(isAlive);
  if (isAlive(candidate) && hasPassedGate(candidate) && running.length === 0) return;
  const stopsFirst = settings.overlap === "stop-first";
  if (stopsFirst) await drainAll(context, running, call);
  const verdict = await startAndWatch(context, candidate, signal);
  if (!verdict.passed) {
    const stopped = stopsFirst ? [...running, ...others.filter((one) => one.id === input.previous?.id && !isAlive(one))] : [];
    return takeBack(context, { component: input.component, verdict, stopped }, call);
  }
  await engine.setRestartPolicy(candidate.id, "unless-stopped", signal);
  log.info(`${candidate.name} runs and has passed its gate`, { container: candidate.name });
  if (!stopsFirst) await drainAll(context, running, call);
}

async function drainAll(context: PromoteContext, containers: readonly ContainerFacts[], call: DeploymentCall): Promise<void> {
  await Promise.all(containers.map((container) => drain(context, container, stopSeconds(context), call)));
}

function stopSeconds({ settings }: PromoteContext): number {
  return settings.stopTimeout / 1_000;
}

/** Starts a container unless it runs already, and watches it. */
async function startAndWatch(context: PromoteContext, candidate: ContainerFacts, signal: AbortSignal): Promise<GateVerdict> {
  const { engine } = context;
  const refusal = isAlive(candidate) ? undefined : await engine.start(candidate.id, signal).catch(unlessOtherError);
  const started = await engine.container(candidate.id, signal);
  if (started === undefined) return { passed: false, reason: "gone", container: candidate, ranFor: 0 };
  if (refusal === undefined || isAlive(started)) {
    // A start of ours sets the count of the engine's own to zero, so that one which came before this look is noticed too.
    return watchStart(context, isAlive(candidate) ? started : { ...started, restarts: 0 }, signal);
  }
  // Without a reason at the container it is the engine that failed, and that may pass.
  if (started.engineError === "") throw refusal;
  return { passed: false, reason: "start_refused", container: started, ranFor: 0 };
}

function unlessOtherError(error: unknown): FairleadError {
  if (isFairleadError(error, "DOCKER_REQUEST_REFUSED") || isFairleadError(error, "DOCKER_ENGINE_FAILED")) return error;
  throw error;
}

/** Stops what did not pass, starts again what had to make room for it, and throws the report. */
async function takeBack(
  context: PromoteContext,
  {
    component,
    verdict,
    stopped,
  }: {
    readonly component: string;
    readonly verdict: Extract<GateVerdict, { readonly passed: false }>;
    readonly stopped: readonly ContainerFacts[];
  },
  call: DeploymentCall,
): Promise<never> {
  const { engine } = context;
  const { signal, log } = call;
  const { container } = verdict;
  const findings = await reportFailure(context, component, verdict, call);
  const attempt = async (what: string, work: () => Promise<void>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      signal.throwIfAborted();
      log.error(`${what}: ${error instanceof Error ? error.message : String(error)}`, { container: container.name });
      return false;
    }
  };
  const isStopped = await attempt(`${container.name} could not be stopped`, async () => {
    await engine.stop(container.id, stopSeconds(context), signal);
    if (hasPassedGate(container)) await engine.setRestartPolicy(container.id, "no", signal);
  });
  for (const before of stopped.filter(hasPassedGate)) {
    const isBack = await attempt(`${before.name} could not be started again`, () => engine.start(before.id, signal));
    if (isBack) log.info(`${before.name} runs again`, { container: before.name });
  }
  throw fail(dockerErrors, "DOCKER_GATE_FAILED", { ...findings, stopped: isStopped });
}
