import { fail, Secret, type CallOptions } from "@fairlead/core";
import { readAddress } from "../connection/address.js";
import { openSession } from "../connection/open-session.js";
import type { Session } from "../connection/session.js";
import { stayOpen } from "../connection/stay-open.js";
import type { MigrationFile } from "../folder/migration-file.js";
import { readFolder } from "../folder/read-folder.js";
import { ensureLedger } from "../ledger/ledger-tables.js";
import type { MigratorSettings } from "../migrator/settings.js";
import { postgresErrors } from "../postgres-errors.js";
import { makeSchemas } from "../scratch/like-real.js";
import { reachingOut, type Place, type Rehearsal } from "../scratch/rehearsal.js";
import { withShadow } from "../scratch/shadow.js";
import { tryOut } from "../scratch/try-out.js";

/** One of the two that are compared. */
export interface Side {
  readonly session: Session;
  readonly name: string;
  /** Whether it is there for this alone, and may be changed. */
  readonly scratch: boolean;
  /** Whether it is the database that the migrations are for. */
  readonly isReal?: boolean;
  /** Of the folder: all that were run on it. */
  readonly files?: readonly MigrationFile[];
}

export interface Comparing {
  readonly settings: MigratorSettings;
  readonly call: CallOptions;
  /** A connection to the real database. */
  readonly admin: Session;
}

/** Hands over what is meant by `folder`, `database` or an address. */
export async function withSide<Result>(comparing: Comparing, option: string, work: (side: Side) => Promise<Result>): Promise<Result> {
  const { settings, call, admin } = comparing;
  if (option === "database") return work({ session: admin, name: admin.address.name, scratch: false, isReal: true });
  if (option === "folder") {
    const { folder } = settings;
    const refuse = (problem: string): never => {
      throw fail(postgresErrors, "POSTGRES_DIFF_UNAVAILABLE", { folder, problem });
    };
    const result = await onScratch(comparing, async (place) => {
      const files = await readFolder(folder);
      const problem = await replay(comparing, place, files);
      return problem === undefined
        ? { done: await work({ session: place.scratch, name: folder, scratch: true, files }) }
        : { refused: problem };
    });
    return "refused" in result ? refuse(result.refused) : result.done;
  }
  const address = readAddress(new Secret("address", option));
  const session = await openSession({ address, clock: settings.clock, name: `fairlead diff ${settings.runner}`, signal: call.signal });
  try {
    await stayOpen(session);
    return await work({ session, name: address.name, scratch: false });
  } finally {
    await session.close();
  }
}

/** A scratch database; that of the option `shadow` where it is on another server. */
export function onScratch<Result>(
  { settings: { shadow, clock }, call: { log, signal }, admin }: Comparing,
  work: (place: Place) => Promise<Result>,
): Promise<Result | { readonly refused: string }> {
  const where = shadow.kind === "template" ? { kind: "beside" as const } : shadow;
  return withShadow({ shadow: where, admin, clock, log, signal }, work);
}

/** Runs all migrations of the folder; answers why that does not work. */
async function replay(
  { settings, call: { log }, admin }: Comparing,
  place: Place,
  applied: readonly MigrationFile[],
): Promise<string | undefined> {
  const { ledger, clock, redact, folder } = settings;
  const rehearsal: Rehearsal = { ledger, clock, log, redact, folder, applied, ahead: [], pending: [] };
  const because = reachingOut(rehearsal, false);
  if (because !== undefined) return because;
  await makeSchemas(place.scratch, admin, applied);
  await ensureLedger(place.scratch, ledger);
  for (const file of applied) {
    const { failure } = await tryOut(rehearsal, place.scratch, file);
    if (failure !== undefined) return failure.problem;
  }
  return undefined;
}
