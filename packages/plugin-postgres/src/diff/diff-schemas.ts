import { fail, isFairleadError, type CallOptions } from "@fairlead/core";
import { readContent } from "../adopt/read-content.js";
import { openSession } from "../connection/open-session.js";
import { isApplied } from "../ledger/is-applied.js";
import type { MigratorSettings } from "../migrator/settings.js";
import { postgresErrors } from "../postgres-errors.js";
import type { KnownSchema } from "../schema/known-schema.js";
import { readKnownSchema } from "../schema/read-known.js";
import type { SchemaSnapshot } from "../snapshot/snapshot.js";
import { differing, exceptionsOf, readCompared } from "./compared.js";
import type { DiffOptions, SchemaDiff } from "./difference.js";
import { loadDiffEngine, type DiffEngine, type Exceptions, type ReadDatabase } from "./engine.js";
import { weigh } from "./hazards.js";
import { judged, proveOn, runOn, type Proof } from "./prove.js";
import { onScratch, withSide, type Comparing, type Side } from "./sides.js";
import { scriptOf, type DiffScript } from "./statements.js";

interface Found extends Side {
  readonly read: ReadDatabase;
  readonly snapshot: SchemaSnapshot;
}

/** What makes one schema of another, tried on a scratch database before it is answered. Changes nothing that is in use. */
export async function diffSchemas(
  settings: MigratorSettings,
  call: CallOptions,
  { from = "folder", to = "database" }: DiffOptions,
): Promise<SchemaDiff> {
  call.signal.throwIfAborted();
  if (from === to) throw fail(postgresErrors, "POSTGRES_DIFF_SAME", { side: ["folder", "database"].includes(from) ? from : "address" });
  refuseUnknown({ from, to });
  const engine = await loadDiffEngine();
  // Not bound to the signal: through it scratch databases are dropped when that aborts.
  const signals = { signal: new AbortController().signal, opening: call.signal };
  const admin = await openSession({
    address: settings.address,
    clock: settings.clock,
    name: `fairlead diff ${settings.runner}`,
    ...signals,
  });
  const comparing: Comparing = { settings, call, admin };
  try {
    return await withSide(comparing, from, (one) => withSide(comparing, to, (other) => compare(comparing, engine, one, other)));
  } finally {
    await admin.close();
  }
}

async function compare(comparing: Comparing, engine: DiffEngine, from: Side, to: Side): Promise<SchemaDiff> {
  const except = await exceptionsOf([from.session, to.session], comparing.settings.ledger.schema);
  const one = await find(engine, from, except);
  const other = await find(engine, to, except);
  const script = planned(engine, one, other, except);
  const known = await knownOf(from);
  const weighed = await weigh(script, known);
  const proof = await prove(comparing, engine, { one, other, script, except });
  const leftOut = except.ledgers.filter(({ isTable }) => isTable).map(({ schema, name }) => `${schema}.${name}`);
  const unwritten = [...new Set([...one.read.unwritten, ...other.read.unwritten])];
  return { from: from.name, to: to.name, ...weighed, ...proof, unwritten, leftOut, pending: await pendingBetween(comparing, from, to) };
}

/** A word that is neither is taken for no address, which it would be said to be a bad one of. */
function refuseUnknown(options: Required<DiffOptions>): void {
  for (const option of ["from", "to"] as const)
    if (!/^(?:folder|database|postgres(?:ql)?:\/\/.*)$/s.test(options[option]))
      throw fail(postgresErrors, "POSTGRES_DIFF_SIDE", { option });
}

/** What is not applied differs, which is no change that somebody has made. */
async function pendingBetween({ settings: { ledger } }: Comparing, from: Side, to: Side): Promise<readonly string[]> {
  const [folder, database] = from.files === undefined ? [to.files, from] : [from.files, to];
  if (folder === undefined || !database.isReal) return [];
  try {
    const { entries } = await readContent(database.session, ledger, folder);
    const known = new Map(entries.map((entry) => [entry.id, entry]));
    return folder.filter((file) => !isApplied(file, known.get(file.id))).map(({ id }) => id);
  } catch (error) {
    // Why it cannot be told is what `plan` says.
    if (isFairleadError(error)) return [];
    throw error;
  }
}

async function find(engine: DiffEngine, side: Side, except: Exceptions): Promise<Found> {
  return { ...side, read: await engine.read(side.session), snapshot: await readCompared(side.session, except) };
}

function planned(engine: DiffEngine, from: Pick<Found, "read" | "snapshot">, to: Found, except: Exceptions): DiffScript {
  try {
    return scriptOf(engine.plan(from.read, to.read, except), from.snapshot, to.snapshot);
  } catch (error) {
    if (isFairleadError(error)) throw error;
    throw fail(postgresErrors, "POSTGRES_DIFF_FAILED", { problem: error instanceof Error ? error.message : String(error) });
  }
}

/** Of a database without rows it is not known how many there are where the migration will run. */
async function knownOf({ session, scratch }: Side): Promise<KnownSchema> {
  const known = await readKnownSchema(session);
  if (!scratch) return known;
  const relations = new Map([...known.relations].map(([name, { rows: _, ...relation }]) => [name, relation]));
  return { ...known, relations };
}

async function prove(
  comparing: Comparing,
  engine: DiffEngine,
  { one, other, script, except }: { readonly one: Found; readonly other: Found; readonly script: DiffScript; readonly except: Exceptions },
): Promise<Proof> {
  if (one.scratch) return proveOn(one.session, script, other.snapshot, except);
  if (script.statements.length === 0) return judged(differing(other.snapshot, one.snapshot));
  const tried = await onScratch(comparing, async ({ scratch }): Promise<Proof> => {
    const empty = { read: await engine.read(scratch), snapshot: await readCompared(scratch, except) };
    const untried = (problem: string): Proof => ({ proof: "untried", problem: `${one.name} could not be made anew: ${problem}`, left: [] });
    const problem = await runOn(scratch, planned(engine, empty, one, except));
    if (problem !== undefined) return untried(problem);
    const lacking = differing(one.snapshot, await readCompared(scratch, except));
    if (lacking.length > 0) return untried(`the ${lacking[0]?.kind ?? ""} ${lacking[0]?.name ?? ""} is another one`);
    return proveOn(scratch, script, other.snapshot, except);
  });
  return "refused" in tried ? { proof: "untried", problem: tried.refused, left: [] } : tried;
}
