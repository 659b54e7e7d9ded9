import type { Deployment, EnvironmentStatus, RequestState } from "../../deployer/types.js";
import { coreErrors } from "../../errors/core-errors.js";
import { fail, isFairleadError } from "../../errors/fairlead-error.js";
import { approversOf, hasEnded, stepAsked, wayBack, type DeploymentState } from "../../machine/index.js";
import type { Clock } from "../../time/clock.js";
import { describeDeployment, describeRequest } from "../deploy/describe.js";
import type { Found } from "../deploy/find.js";
import type { HttpDeployer } from "../http-options.js";
import type { Asked, Rights } from "./actions.js";
import type { BegunView, DeploymentView } from "./deployment-page.js";
import { wordsOf } from "./notices.js";
import { readDatabase } from "./read-database.js";
import type { RollbackView } from "./rollback-page.js";

type Given = Pick<DeploymentView, "all" | "did" | "steps"> & {
  readonly may: Rights;
  readonly eventsAt: string;
  /** The name by which the journal knows who asks. */
  readonly actor: string;
};

/** What the page of a deployment, or of a request, says now. */
export async function readView(deployer: HttpDeployer, found: Found, { eventsAt, ...given }: Given): Promise<DeploymentView> {
  return found.kind === "request"
    ? requestView(found.request, { ...given, eventsAt })
    : begunView(deployer, found.deployment, { ...given, eventsAt });
}

function requestView(request: RequestState, { eventsAt, actor: _actor, ...given }: Given): DeploymentView {
  return { ...given, status: describeRequest(request), events: eventsAt, begun: undefined };
}

async function begunView(deployer: HttpDeployer, deployment: Deployment, { eventsAt, actor, ...given }: Given): Promise<DeploymentView> {
  const { id, environment } = deployment;
  const [state, lines, explanation, changes, now] = await Promise.all([
    deployment.state(),
    deployer.logs(id),
    deployer.explain(id),
    deployer.changes({ deploymentId: id }),
    statusOf(deployer, environment),
  ]);
  const { plan } = state;
  const begun: BegunView = {
    explanation,
    changes,
    lines,
    asked: askedOf(state),
    words: wordsOf(state, actor),
    wayBack: hasEnded(state.phase) || state.phase === "rolling_back" ? null : wayBack(state),
    compatibility: plan.compatibility,
    warnings: plan.warnings,
    ...placeOf(state, now),
  };
  return { ...given, status: describeDeployment(state, []), begun, events: `${eventsAt}?after=${state.version}.${lines.length}` };
}

/** Of an environment that is no longer configured, or whose configuration has problems, nothing more is known. */
export async function statusOf(deployer: HttpDeployer, environment: string): Promise<EnvironmentStatus | undefined> {
  try {
    return await deployer.status(environment, { live: false });
  } catch (error) {
    if (isFairleadError(error, "ENVIRONMENT_UNKNOWN") || isFairleadError(error, "CONFIGURATION_INVALID")) return undefined;
    throw error;
  }
}

function placeOf(
  { id, phase, plan }: DeploymentState,
  now: EnvironmentStatus | undefined,
): Pick<BegunView, "leaves" | "returns" | "isAlone"> {
  const allowed = now?.rollbackTargets.filter(({ outside }) => outside === null) ?? [];
  const serves = now?.release?.release.id === plan.release.id;
  const running = now?.running?.deploymentId === id ? now.running : null;
  return {
    leaves: phase === "succeeded" && serves && allowed.length > 0,
    returns: hasEnded(phase) && !serves && allowed.some(({ release }) => release === plan.release.id),
    isAlone: running !== null && running.phase !== "needs_attention" && running.holder === null && running.waiting.length === 0,
  };
}

/** What people are asked now: about the plan as a whole, or by a step. */
function askedOf(state: DeploymentState): Asked | null {
  if (state.phase === "awaiting_approval") return { required: state.plan.approval?.required ?? 1, agreed: approversOf(state, null) };
  if (state.phase !== "running") return null;
  const step = stepAsked(state);
  if (step === undefined) return null;
  const { required } = step.input;
  return { required: typeof required === "number" ? required : 1, agreed: approversOf(state, step.id) };
}

/** What is to be known before a rollback. Throws `RELEASE_UNKNOWN` of a release that did not serve there. */
export async function readRollback(
  deployer: HttpDeployer,
  { environment, to, clock }: { readonly environment: string; readonly to: string | undefined; readonly clock: Clock },
): Promise<RollbackView> {
  const status = await deployer.status(environment, { live: false });
  const { rollbackTargets } = status;
  const target = rollbackTargets.find(({ release, outside }) => (to === undefined ? outside === null : release === to));
  if (to !== undefined && target === undefined)
    throw fail(coreErrors, "RELEASE_UNKNOWN", { release: to, known: rollbackTargets.map(({ release }) => release) });
  const isAllowed = target !== undefined && target.outside === null;
  const changes = isAllowed ? await deployer.changes({ environment, to: target.release }) : null;
  const database = isAllowed ? await readDatabase(deployer, { environment, to: target.release, clock }) : null;
  return { status, to: target?.release, changes, database, outside: target?.outside ?? null, key: `page-${crypto.randomUUID()}` };
}
