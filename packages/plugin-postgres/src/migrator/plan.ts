import type { MigrationPlan, SchemaCompatibility } from "@fairlead/core";
import type { LedgerContent } from "../adopt/read-content.js";
import type { MigrationFile } from "../folder/migration-file.js";
import { beforeContract } from "../folder/phases.js";
import { isApplied } from "../ledger/is-applied.js";
import type { Ledger } from "../ledger/ledger.js";
import { newSchema, type KnownSchema } from "../schema/known-schema.js";
import { findBreaks, type Survival } from "../survival/find-breaks.js";
import { findWaits } from "./find-waits.js";
import { findProblems } from "./findings.js";

const worstFirst: readonly SchemaCompatibility[] = ["irreversible", "needs-down", "code-only"];

/** What is to be done to a database that has seen this, with a folder that holds that; `schema` is what the database holds. Reaches nothing. */
export async function planOf(
  ledger: Ledger,
  files: readonly MigrationFile[],
  content: LedgerContent,
  schema: KnownSchema = newSchema({ complete: true }),
): Promise<MigrationPlan> {
  const applied = new Set(content.entries.filter(({ state }) => state === "applied").map(({ id }) => id));
  const known = new Set(files.map(({ id }) => id));
  const entries = new Map(content.entries.map((entry) => [entry.id, entry]));
  const pending = files.filter((file) => !isApplied(file, entries.get(file.id)));
  const before = beforeContract(pending);
  const survival = isBlank(ledger, content, schema) ? nothingBreaks(pending) : await findBreaks(pending, schema);
  const compatibilityOf = ({ id }: MigrationFile): SchemaCompatibility => {
    const found = survival.compatibility.get(id) ?? "unknown";
    // What nobody knows is nobody's promise.
    return found === "unknown" ? "needs-down" : found;
  };
  return {
    all: files.map(({ id, checksum, phase }) => ({ id, checksum, phase })),
    pending: pending.map((file) => ({ id: file.id, checksum: file.checksum, phase: file.phase, compatibility: compatibilityOf(file) })),
    ahead: [...applied].filter((id) => !known.has(id)),
    compatibility: worstFirst.find((one) => before.some((file) => compatibilityOf(file) === one)) ?? "code-only",
    findings: [...findProblems(ledger, files, content), ...survival.findings, ...(await findWaits(pending, schema))],
  };
}

/** Whether a database that was asked has nothing that code could use: then there is no code before. */
function isBlank(
  { schema: own }: Ledger,
  { entries, others }: LedgerContent,
  { relations, routines, complete, version }: KnownSchema,
): boolean {
  if (version === undefined || !complete || entries.length + others.length > 0) return false;
  return [...relations.keys(), ...routines].every((name) => name.startsWith(`${own}.`));
}

/** What files say themselves counts all the same. */
function nothingBreaks(pending: readonly MigrationFile[]): Survival {
  return { findings: [], compatibility: new Map(pending.map(({ id, compatibility }) => [id, compatibility])) };
}
