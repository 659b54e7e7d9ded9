import type { MigrationFinding } from "@fairlead/core";
import type { Session } from "../connection/session.js";
import type { MigrationFile } from "../folder/migration-file.js";
import { inPhases } from "../folder/phases.js";
import { ensureLedger } from "../ledger/ledger-tables.js";
import type { Difference } from "../snapshot/differences.js";
import { readSnapshot, type SchemaSnapshot } from "../snapshot/snapshot.js";
import { doubt } from "./doubt.js";
import { driftFindings, findDrift, unseenFindings } from "./find-drift.js";
import { findLacking } from "./lacking.js";
import { makeSchemas } from "./like-real.js";
import { observeStatements } from "./observe-statements.js";
import type { Place, Rehearsal, Rehearsed } from "./rehearsal.js";
import { tryOut, type TryFailure } from "./try-out.js";
import { findUnforeseen } from "./unforeseen.js";
import { unproved, untried, untriedWayBack } from "./untried.js";
import type { ObservedStatement, VerifiedMigration } from "./verification.js";
import { tryWaysBack, type Tried, type WaysBack } from "./ways-back.js";

/**
 * Runs all migrations on a scratch database, as they were run and as they will be, looks what the pending ones do there, and takes these back and applies them again where they say how. One that is pending and
 * fails there is an error; where the migrations alone do not make a database like the real one, nothing is proved, which is a warning.
 */
export async function rehearse(rehearsal: Rehearsal, place: Place): Promise<Rehearsed> {
  const { ledger, folder, applied, ahead, pending } = rehearsal;
  const { scratch, real } = place;
  if (real !== undefined) await makeSchemas(scratch, real, [...applied, ...pending]);
  await ensureLedger(scratch, ledger);
  for (const file of real === undefined ? [] : applied) {
    const { failure } = await tryOut(rehearsal, scratch, file);
    if (failure === undefined) continue;
    const lacking = await findLacking(failure, place);
    return untried(rehearsal, `what has been applied does not run on an empty database (${failure.problem}).`, lacking?.hint);
  }
  const except = [ledger.schema];
  const made = await readSnapshot(scratch, except);
  const found = real === undefined ? [] : await findDrift({ admin: real, made, except });
  // Where nothing was applied yet, whatever is there was there before.
  const drift = applied.length === 0 || ahead.length > 0 ? [] : found;
  const { findings, tried, schema, stopped } = await tryPending(rehearsal, scratch, made);
  const unseen = real === undefined ? [] : unseenFindings(folder, ahead);
  if (stopped !== undefined) {
    const doubted = await doubtFinding(rehearsal, stopped.failure, { place, found });
    const drifted = doubted === undefined ? driftFindings(folder, drift) : [];
    const said = doubted ?? failsFinding(stopped.file, stopped.failure);
    const migrations = outcomesOf(pending, { tried, failing: doubted === undefined ? stopped.file : undefined });
    return { findings: [...unseen, ...drifted, ...findings, said], drift, schema: null, migrations };
  }
  const back = await tryWaysBack(rehearsal, scratch, tried);
  const all = [...unseen, ...driftFindings(folder, drift), ...findings, ...back.findings];
  return { findings: all, drift, schema, migrations: outcomesOf(pending, { tried, back }) };
}

/** What is said where a failure on the scratch database need not be one on the real one. */
async function doubtFinding(
  { folder, ahead }: Rehearsal,
  failure: TryFailure,
  { place, found }: { readonly place: Place; readonly found: readonly Difference[] },
): Promise<MigrationFinding | undefined> {
  const lacking = await findLacking(failure, place);
  const strangers = found.filter(({ there }) => there === "here");
  const because = lacking?.because ?? doubt(failure, { strangers, isAhead: ahead.length > 0, isCopy: place.real === undefined });
  return because === undefined ? undefined : unproved(folder, `${failure.problem}; but ${because}.`, lacking?.hint);
}

function outcomesOf(
  pending: readonly MigrationFile[],
  { tried, failing, back }: Pick<TriedPending, "tried"> & { readonly failing?: MigrationFile | undefined; readonly back?: WaysBack },
): readonly VerifiedMigration[] {
  return inPhases(pending).map((file) => {
    const one = tried.find((other) => other.file === file);
    const outcome = one !== undefined ? "runs" : file === failing ? "fails" : "untried";
    const wayBack = back?.found.get(file.id) ?? untriedWayBack(file);
    return { id: file.id, path: file.path, outcome, statements: one?.statements ?? [], wayBack };
  });
}

interface TriedPending {
  readonly findings: readonly MigrationFinding[];
  readonly tried: readonly (Tried & { readonly statements: readonly ObservedStatement[] })[];
  /** Of what came of those that ran. */
  readonly schema: string;
  /** The first that did not run. */
  readonly stopped?: { readonly file: MigrationFile; readonly failure: TryFailure };
}

/** `made`: what the scratch database consists of when it begins. */
async function tryPending(rehearsal: Rehearsal, scratch: Session, made: SchemaSnapshot): Promise<TriedPending> {
  const except = [rehearsal.ledger.schema];
  const findings: MigrationFinding[] = [];
  const tried: TriedPending["tried"][number][] = [];
  let before = made;
  for (const file of inPhases(rehearsal.pending)) {
    const statements = await observeStatements(scratch, file);
    const { failure, outcome } = await tryOut(rehearsal, scratch, file);
    if (outcome === "applied-loosely") findings.push(endsTransaction(file));
    if (failure !== undefined) return { findings, tried, schema: before.hash, stopped: { file, failure } };
    findings.push(...findUnforeseen(file, statements));
    const after = await readSnapshot(scratch, except);
    tried.push({ file, before, after, statements });
    before = after;
  }
  return { findings, tried, schema: before.hash };
}

function failsFinding({ id }: MigrationFile, { problem, hint }: TryFailure): MigrationFinding {
  return { severity: "error", migration: id, message: `fails on a scratch database: ${problem}.`, hint };
}

function endsTransaction({ id, path }: MigrationFile): MigrationFinding {
  return {
    severity: "error",
    migration: id,
    message: `${path} ends the transaction that it runs in: failing behind that, it would stay half done.`,
    hint: "Remove BEGIN, COMMIT and ROLLBACK: every file has a transaction of its own.",
  };
}
