import { fail, isFairleadError, type DeploymentCall } from "@fairlead/core";
import type { VercelDeployment } from "../api/deployment.js";
import { isMoving, type VercelProject } from "../api/project.js";
import { pauseAfter } from "../api/vercel-api.js";
import type { VercelClient } from "../api/vercel-client.js";
import type { VercelContext } from "../context.js";
import { vercelErrors } from "../vercel-errors.js";
import type { Destination } from "./traffic.js";

const firstPause = 250;
const longestPause = 1_000;

/** How long an accepted request may leave no trace before it is made again, in milliseconds. */
const tracePatience = 3_000;

/** How long domains may lag behind a move that has ended before they are pointed one by one, in milliseconds. */
const domainPatience = 6_000;

/** Requests that failed for now, until this gives up. */
const attempts = 4;

/** What this call has done so far. */
interface Progress {
  /** When the last move before ours was asked for, by Vercel's clock: what is younger is ours. `undefined`: we have not asked. */
  before?: number;
  /** When our request was accepted, by our clock. */
  acceptedAt?: number;
  /** When the project was first seen to have arrived, by our clock. */
  arrivedAt?: number;
  failures: number;
}

/**
 * Moves production until the project and every domain say that it has arrived. Looks first and asks only for what nobody has asked for yet, so that it can be called again at any time. A move that is under way,
 * ours or not, is waited for.
 */
export async function moveProduction(context: VercelContext, destination: Destination, call: DeploymentCall): Promise<void> {
  const { client, clock } = context;
  const { signal, log } = call;
  const progress: Progress = { failures: 0 };
  for (let pause = firstPause; ; pause = Math.min(longestPause, pause * 1.5)) {
    const project = await client.project(signal);
    if (isMoving(project)) {
      if (pause === firstPause) log.info(`production is being moved to ${project.move?.to ?? "another deployment"}`);
    } else if (project.production?.id === destination.deployment.id) {
      if (await haveDomainsArrived(context, { project, destination, progress }, call)) return;
    } else {
      await refuseFailed(context, { project, destination, progress }, signal);
      await askIfDue(context, { project, destination, progress }, call);
    }
    await clock.sleep(pause, { signal });
  }
}

interface Look {
  readonly project: VercelProject;
  readonly destination: Destination;
  readonly progress: Progress;
}

async function haveDomainsArrived(
  context: VercelContext,
  { project, destination, progress }: Look,
  call: DeploymentCall,
): Promise<boolean> {
  const lagging = await domainsBeside(context, destination, call.signal);
  if (lagging.length === 0) return true;
  const now = context.clock.now();
  progress.arrivedAt ??= now;
  if (hasFailed(project) || now - progress.arrivedAt >= domainPatience) await repair(context, { ...destination, domains: lagging }, call);
  return false;
}

function hasFailed({ move }: VercelProject): boolean {
  return move?.status === "failed" || move?.status === "skipped";
}

/** Our own request has ended otherwise than it should. A failure of an earlier one says nothing about this one. */
async function refuseFailed(context: VercelContext, { project, destination, progress }: Look, signal: AbortSignal): Promise<void> {
  const { move } = project;
  if (move === undefined || progress.before === undefined || !hasFailed(project)) return;
  if (move.to !== destination.deployment.id || move.requestedAt <= progress.before) return;
  const lagging = await domainsBeside(context, destination, signal);
  const moved = destination.domains.filter((domain) => !lagging.includes(domain));
  throw fail(vercelErrors, "VERCEL_MOVE_FAILED", { candidate: destination.deployment.id, outcome: move.status, moved });
}

/** Asks for the move unless that was accepted a moment ago. A request of unknown outcome is followed by another look before it is made again. */
async function askIfDue({ client, clock }: VercelContext, { project, destination, progress }: Look, call: DeploymentCall): Promise<void> {
  const { signal, log } = call;
  if (progress.acceptedAt !== undefined && clock.now() - progress.acceptedAt < tracePatience) return;
  progress.before ??= project.move?.requestedAt ?? 0;
  try {
    await ask(client, { deployment: destination.deployment, production: project.production }, call);
    progress.acceptedAt = clock.now();
  } catch (error) {
    signal.throwIfAborted();
    progress.failures += 1;
    if (!isFairleadError(error) || !error.retryable || progress.failures >= attempts) throw error;
    log.warn(`whether the move was asked for is not known: ${error.message}`, { code: error.code });
    await clock.sleep(pauseAfter(error, progress.failures), { signal });
  }
}

async function ask(
  client: VercelClient,
  { deployment, production }: { readonly deployment: VercelDeployment; readonly production: VercelDeployment | undefined },
  { signal, log }: DeploymentCall,
): Promise<void> {
  const { id } = deployment;
  const wanted = isEarlier(deployment, production) ? "rollback" : "promote";
  const first = await client.move(wanted, id, signal);
  if (first === "refused") log.info(`Vercel does not roll back to ${id}; it is promoted instead`);
  const answer = first === "refused" ? await client.move("promote", id, signal) : first;
  if (answer === "queued") log.warn(`the move to ${id} waits for a rolling release of the project`);
  else if (answer === "conflict") log.info("another move of production has not ended yet");
  else log.info(wanted === "rollback" ? `production goes back to ${id}` : `${id} is being promoted`);
}

/** Going back to what served earlier is a rollback in Vercel's words: at once, and until the next promotion nothing takes production by itself. */
function isEarlier({ substate, createdAt }: VercelDeployment, production: VercelDeployment | undefined): boolean {
  return substate === "PROMOTED" && production !== undefined && createdAt < production.createdAt;
}

async function domainsBeside(
  { client }: VercelContext,
  { deployment, domains }: Destination,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const shown = await Promise.all(domains.map((domain) => client.aliasOf(domain, signal)));
  return domains.filter((_, index) => shown[index] !== deployment.id);
}

/**
 * A move that failed half way leaves domains with a deployment that the project does not call its production, and to go back cannot be asked for: what serves by the project's word is refused. So the domains are pointed
 * one by one, only to what the project itself calls its production, and only after its last move has failed or they have not followed for long.
 */
async function repair({ client }: VercelContext, { deployment, domains }: Destination, { signal, log }: DeploymentCall): Promise<void> {
  for (const domain of domains) {
    await client.assignAlias(deployment.id, domain, signal);
    log.warn(`${domain} showed another deployment than production and was pointed to ${deployment.id}`);
  }
}
