import type { MigrationReference } from "../../contract/release.js";
import type { DeploymentSummary } from "../../deployer/types.js";
import { isFairleadError } from "../../errors/fairlead-error.js";
import { stepsOf, type DeploymentState } from "../../machine/index.js";
import type { Clock } from "../../time/clock.js";
import type { HttpDeployer } from "../http-options.js";

/** What has become of the database since a release was deployed, as far as the journal tells. */
export interface DatabaseSince {
  /** Whether all deployments since are in the journal. */
  readonly isKnown: boolean;
  /** Migrations that were begun with since, and that it does not know. */
  readonly migrations: readonly string[];
  /** Those of them behind which code before them may not work. */
  readonly unsafe: readonly string[];
}

/** So many deployments are looked through. */
const pageLength = 100;
const mostPages = 3;

/** What any deployment since has begun to do to the database, also one that was taken back since: the database stays as it is. */
export async function readDatabase(
  deployer: HttpDeployer,
  { environment, to, clock }: { readonly environment: string; readonly to: string; readonly clock: Clock },
): Promise<DatabaseSince> {
  const { since, own } = await deploymentsSince(deployer, environment, to);
  const states = await Promise.all(since.map(({ id }) => stateOf(deployer, id)));
  const target = own === undefined ? undefined : await stateOf(deployer, own.id);
  const knows = new Map(target?.plan.release.migrations.map(({ id, checksum }) => [id, checksum]));
  const begun = states
    .flatMap((state) => (state === undefined ? [] : migrationsOf(state)))
    .filter(({ id, checksum }) => knows.get(id) !== checksum);
  const idsOf = (migrations: readonly Begun[]): readonly string[] => [...new Set(migrations.map(({ id }) => id))];
  return {
    isKnown:
      target !== undefined &&
      states.every((state) => state !== undefined) &&
      !(await wasPruned(deployer, environment, { since: target.createdAt, clock })),
    migrations: idsOf(begun),
    unsafe: idsOf(begun.filter(({ isSafe }) => !isSafe)),
  };
}

/** The deployment that brought a release, and those that may have begun after it. */
async function deploymentsSince(
  deployer: HttpDeployer,
  environment: string,
  to: string,
): Promise<{ readonly since: readonly DeploymentSummary[]; readonly own: DeploymentSummary | undefined }> {
  const found: DeploymentSummary[] = [];
  let after: string | undefined;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const { items, next } = await deployer.history({ environment, limit: pageLength, ...(after === undefined ? {} : { after }) });
    found.push(...items);
    const own = found.findLast(({ release, kind }) => release === to && kind !== "rollback");
    if (own !== undefined) return { own, since: found.filter((one) => mayBeSince(one, own)) };
    if (next === undefined) break;
    after = next;
  }
  return { own: undefined, since: found.filter(({ kind }) => kind === "deploy") };
}

/** What was asked for before may have waited, and have begun after it. */
function mayBeSince({ id, kind, endedAt }: DeploymentSummary, own: DeploymentSummary): boolean {
  return kind === "deploy" && id !== own.id && (endedAt === null || endedAt >= (own.endedAt ?? own.createdAt));
}

const hour = 3_600_000;

/** Whether deployments that began since have been removed from the journal. */
async function wasPruned(
  deployer: HttpDeployer,
  environment: string,
  { since, clock }: { readonly since: number; readonly clock: Clock },
): Promise<boolean> {
  const age = Math.max(0, clock.now() - since) + hour;
  const { pruned } = await deployer.statistics({ environment, since: `${age}ms` });
  return pruned.some(({ until }) => Date.parse(until) >= since);
}

interface Begun extends MigrationReference {
  readonly isSafe: boolean;
}

function migrationsOf({ plan, intents }: DeploymentState): readonly Begun[] {
  const steps = stepsOf(plan).filter(({ id, operation }) => operation === "migrator.apply" && intents.includes(id));
  return steps.flatMap(({ input }) => {
    // Written by the compiler of plans, and by nothing else.
    const migrations = (input["migrations"] ?? []) as unknown as readonly MigrationReference[];
    return migrations.map((one) => ({ ...one, isSafe: one.phase !== "contract" && plan.compatibility === "code-only" }));
  });
}

/** `undefined` where its journal was removed. */
async function stateOf(deployer: HttpDeployer, id: string): Promise<DeploymentState | undefined> {
  try {
    return await (await deployer.deployment(id)).state();
  } catch (error) {
    if (isFairleadError(error, "DEPLOYMENT_UNKNOWN")) return undefined;
    throw error;
  }
}
