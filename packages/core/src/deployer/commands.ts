import type { ConfigurationProblem } from "../config/problem.js";
import type { Plan } from "../contract/plan.js";
import { capabilityProblems } from "../engine/capability-problems.js";
import { readEnvironment } from "../engine/environment-journal.js";
import { readComponents, readPlanRequest, servesAlready } from "../engine/facts.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail, isFairleadError } from "../errors/fairlead-error.js";
import { compilePlan, compileRollback, type PlanRequest } from "../plan/index.js";
import { claimName } from "../journal/index.js";
import { begin, enqueue, findByKey, findSame, recordUnchanged, takeKey, type Begun, type BeginInput } from "./begin.js";
import { unnamedActor, type CommandOptions } from "./command-options.js";
import { createDecisions, type Decisions } from "./decisions.js";
import { createDeploymentHandle, readState } from "./deployment-handle.js";
import { adoptionPlan } from "./adoption-plan.js";
import { createRequestDesk, type CarryOut, type Wanted } from "./request-desk.js";
import { createRequests, type Requests } from "./requests.js";
import { askChecks, readStatus } from "./reports.js";
import { failedReport, providerReports } from "./provider-reports.js";
import { createFreezes } from "./freezes.js";
import { freezeOf } from "../engine/freeze.js";
import { unmetRequirement } from "../engine/requirements.js";
import { preempt, supersedeOlder, waitingIn } from "./queue.js";
import { createLeftBehind } from "./left-behind.js";
import { findRollbackTarget } from "./rollback-target.js";
import { requireServing } from "./rollback-window.js";
import type { Runtime } from "./runtime.js";
import { weakSecretReport } from "./secret-report.js";
import { watchReports } from "./watch-report.js";
import { createPruning } from "./pruning.js";
import { createTakeOvers, type TakeOvers } from "./take-overs.js";
import { unlessAborted } from "./unless-aborted.js";
import type { CheckReport, DeployInput, Deployer, Deployment } from "./types.js";

type Commands = { stop(): Promise<void>; readonly requests: Requests } & Pick<
  Deployer,
  | "plan"
  | "deploy"
  | "rollback"
  | "adopt"
  | "recover"
  | keyof Decisions
  | "freeze"
  | "unfreeze"
  | "unpin"
  | "deployment"
  | "status"
  | "doctor"
  | "health"
  | "redeliver"
  | "work"
  | "prune"
> &
  Pick<TakeOvers, "pruned">;

/** A plan is made anew this often when the environment changes under it. */
const mostPlans = 3;

/** What a deployer can be asked to do. */
export function createCommands(options: CommandOptions): Commands {
  const { environments, drives, store, clock, application, call } = options;
  const pruning = createPruning(options);
  const requests = createRequests(options);
  const desk = createRequestDesk(options, requests);
  const takeOvers = createTakeOvers(options, pruning.pruneAfter, desk);
  const leftBehind = createLeftBehind(options, takeOvers);

  const handleOf = async (runtime: Runtime, begun: Begun): Promise<Deployment> =>
    // One whose process is gone is driven on, or whoever joins it would wait for ever.
    begun.joined ? takeOvers.goOn(runtime, begun.id) : takeOvers.start(runtime, begun);

  const requestOf = async (
    runtime: Runtime,
    input: Wanted,
  ): Promise<{
    readonly request: PlanRequest;
    readonly state: BeginInput["state"];
    readonly plan: Plan;
    readonly isUnchanged: boolean;
  }> => {
    const { spec, capabilities, repository } = runtime;
    const state = await readEnvironment(store, application, spec.name);
    const request = await readPlanRequest(
      { application, spec, capabilities, state, store, clock, call, repository },
      { given: input.source, provenance: input.provenance ?? {}, isHere: input.id === undefined },
    );
    const isUnchanged =
      input.force !== true &&
      servesAlready(request, state.serving) &&
      (await store.claimOf(claimName(application, spec.name))) === undefined;
    const plan = compilePlan(request);
    return { state, request, isUnchanged, plan: isUnchanged ? { ...plan, groups: [] } : plan };
  };

  const deployOnce = async (runtime: Runtime, input: Wanted): Promise<Deployment> => {
    // Each time: the key may have been taken while the plan was made.
    const { environment, key } = input;
    const known = key === undefined ? undefined : await findByKey(store, application, { environment, key });
    if (known !== undefined) return takeOvers.goOn(runtime, known);
    const { request, state, plan, isUnchanged } = await unlessAborted(input.signal, requestOf(runtime, input));
    const { reason, actor = unnamedActor } = input;
    const begins: BeginInput = { kind: "deploy", id: input.id, plan, key, actor, reason, state };
    if (isUnchanged) {
      const id = await recordUnchanged(runtime, begins);
      return createDeploymentHandle({ store, clock, application, id, environment: runtime.spec.name, joined: false });
    }
    requireAcceptance(request, plan, input.accept);
    requireUnpinned(state, input);
    if (!(await hasToWait(runtime, begins))) {
      try {
        return await handleOf(runtime, await begin(runtime, begins));
      } catch (error) {
        if (runtime.spec.queue === "reject" || !isFairleadError(error, "ENVIRONMENT_BUSY")) throw error;
      }
    }
    return queueUp(runtime, begins);
  };

  /** People have to agree, a freeze or another application holds it, or others wait already. */
  const hasToWait = async ({ spec }: Runtime, { plan, state }: BeginInput): Promise<boolean> =>
    plan.approval !== undefined ||
    freezeOf(spec, state, clock.now()) !== undefined ||
    (await unmetRequirement(store, spec.requirements)) !== undefined ||
    (spec.queue !== "reject" && (await waitingIn(store, application, spec.name)).some(({ phase }) => phase === "queued"));

  const queueUp = async (runtime: Runtime, input: BeginInput): Promise<Deployment> => {
    const { name, queue } = runtime.spec;
    const waiting = await waitingIn(store, application, name);
    // What waits changes what the one under way comes to: then it is wanted once more, behind them.
    const same = waiting.length === 0 ? await findSame(runtime, input) : waiting.find(({ digest }) => digest === input.plan.digest)?.id;
    if (same !== undefined) {
      await takeKey(runtime, input.key, same);
      return takeOvers.goOn(runtime, same);
    }
    const id = await enqueue(runtime, input);
    drives.tell(runtime);
    if (queue === "supersede") await supersedeOlder(runtime, id);
    if (queue === "preempt") await preempt(runtime, id, input.actor);
    await leftBehind.goOn(runtime);
    await takeOvers.goOn(runtime, id);
    return createDeploymentHandle({ store, clock, application, id, environment: name, joined: false });
  };

  const problemsOfPlugins = async (environment: string): Promise<readonly ConfigurationProblem[]> => {
    const { spec, capabilities } = await environments.runtime(environment);
    return capabilityProblems(spec, capabilities);
  };

  const doctorChecks = async (environment: string): Promise<readonly CheckReport[]> => {
    const weak = (await environments.weakSecrets(environment)).map(weakSecretReport);
    try {
      const runtime = await environments.runtime(environment);
      return [...weak, ...(await providerReports(runtime, environments.plugins(environment), call))];
    } catch (error) {
      return [...weak, failedReport(environment, "setup", error)];
    }
  };

  const deploy = async (given: Wanted): Promise<Deployment> => {
    const runtime = await unlessAborted(given.signal, environments.runtime(given.environment));
    // As the journal keeps it.
    const input = given.key === undefined ? given : { ...given, key: runtime.engine.redactor.text(given.key) };
    return leftBehind.finishedFirst(runtime, input.signal, () => replanned(() => deployOnce(runtime, input)));
  };

  const rollback: CarryOut["rollback"] = async ({ id, environment, to, from, actor = unnamedActor, reason, signal }) => {
    const runtime = await unlessAborted(signal, environments.runtime(environment));
    const once = async (): Promise<Deployment> => {
      const { spec, capabilities } = runtime;
      const state = await readEnvironment(store, application, environment);
      requireServing({ environment, from }, state);
      const target = await unlessAborted(signal, findRollbackTarget(runtime, state, to, call));
      const components = await unlessAborted(signal, readComponents({ application, spec, capabilities, state, store, clock, call }));
      const plan = compileRollback({
        application,
        environment,
        to: target,
        previousRelease: state.serving?.release.id,
        components,
        times: { verify: spec.verify.within, settle: spec.timeouts.settle },
      });
      return handleOf(runtime, await begin(runtime, { kind: "rollback", id, plan, key: undefined, actor, reason, state }));
    };
    return leftBehind.finishedFirst(runtime, signal, () => replanned(once));
  };

  desk.carryOut = { deploy, rollback };

  return {
    async plan(input) {
      const runtime = await environments.runtime(input.environment);
      return (await requestOf(runtime, input)).plan;
    },
    deploy,
    rollback,
    async adopt({ environment, actor = unnamedActor, reason, signal }) {
      const runtime = await unlessAborted(signal, environments.runtime(environment));
      const state = await readEnvironment(store, application, environment);
      if (state.serving !== undefined) throw fail(coreErrors, "ALREADY_ADOPTED", { environment, release: state.serving.release.id });
      const plan = await unlessAborted(signal, adoptionPlan(runtime, { application, clock, call }));
      return handleOf(runtime, await begin(runtime, { kind: "adopt", plan, key: undefined, actor, reason, state }));
    },
    requests,
    ...takeOvers,
    ...createDecisions(options, takeOvers),
    ...createFreezes(options),
    prune: pruning.prune,
    async deployment(id) {
      const state = await readState(store, application, id);
      return createDeploymentHandle({ store, clock, application, id, environment: state.plan.environment, joined: true });
    },
    async status(environment, { live = true } = {}) {
      if (live) return readStatus(await environments.observed(environment), call);
      return readStatus({ ...(await environments.recorded(environment)), missing: [], runtime: undefined }, call);
    },
    health: async (environment) => askChecks(await environments.runtime(environment), "application", call),
    async redeliver({ environment }) {
      // Closing delivers the messages of every environment that is set up.
      await environments.observed(environment);
      for (let messages = 0; ;) {
        const dead = await store.outbox.list({ application, environment, state: "dead", limit: 1000 });
        messages += await store.outbox.revive(dead.map(({ id }) => id));
        if (dead.length < 1000) return messages;
      }
    },
    async doctor(environment) {
      const declared = await environments.problems(environment);
      const problems = declared.length > 0 ? declared : await problemsOfPlugins(environment).catch(() => []);
      const reachable = await Promise.all([store.now(), store.requireWritable?.()]).then(
        () => null,
        (error: unknown) => (isFairleadError(error) ? error.message : "it does not answer"),
      );
      const watched = reachable === null ? await watchReports({ application, environment, store, clock }) : [];
      const checks = problems.length > 0 ? [] : [...watched, ...(await doctorChecks(environment))];
      const healthy = problems.length === 0 && reachable === null && checks.every(({ status, critical }) => status !== "down" || !critical);
      return {
        environment,
        healthy,
        store: { description: store.description, reachable: reachable === null, message: reachable },
        problems,
        checks,
      };
    },
  };
}

/** What the environment was like has changed while the plan was made: it is made again from what is true now. */
async function replanned<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let plans = 1; ; plans += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!isFairleadError(error, "STORE_CONFLICT") || plans >= mostPlans) throw error;
    }
  }
}

/** After a rollback nothing that began by itself may replace what was put back. */
function requireUnpinned({ pin }: BeginInput["state"], { environment, automatic, unpin = false, actor = unnamedActor }: DeployInput): void {
  const beganByItself = automatic ?? (actor.via === "schedule" || actor.via === "automatic");
  if (pin === null || unpin || !beganByItself) return;
  const { release, deploymentId, reason } = pin;
  throw fail(coreErrors, "ENVIRONMENT_PINNED", { environment, release, deploymentId, actor: pin.actor.name, reason });
}

function requireAcceptance(
  { migrator, schema, previousRelease }: PlanRequest,
  { environment, compatibility }: Plan,
  accepted: DeployInput["accept"],
): void {
  if (compatibility === "code-only" || schema === "disposable" || previousRelease === undefined || accepted === compatibility) return;
  const migrations = migrator?.plan.pending.filter((one) => one.compatibility !== "code-only").map(({ id }) => id) ?? [];
  throw fail(coreErrors, "SCHEMA_NOT_REVERSIBLE", { environment, compatibility, migrations });
}
