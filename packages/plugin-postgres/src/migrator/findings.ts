import type { MigrationFinding } from "@fairlead/core";
import type { LedgerContent } from "../adopt/read-content.js";
import type { TakenOver } from "../adopt/take-over.js";
import type { MigrationFile } from "../folder/migration-file.js";
import { beforeContract } from "../folder/phases.js";
import { tableOf, type Ledger, type LedgerEntry } from "../ledger/ledger.js";
import { isUnfinished, unfinishedFinding } from "../ledger/unfinished.js";

/** What is wrong with a folder and a ledger. */
export function findProblems(
  ledger: Ledger,
  files: readonly MigrationFile[],
  { entries, others, takenOver }: LedgerContent,
): readonly MigrationFinding[] {
  return [
    ...files.flatMap(fileFindings),
    ...editedFindings(files, entries),
    ...entries.filter(isUnfinished).map((entry) => unfinishedFinding(ledger, entry)),
    ...orphanFindings(files, entries),
    ...(ledger.outOfOrder === "apply" ? [] : lateFindings(files, entries, ledger.outOfOrder === "refuse")),
    ...(takenOver === undefined ? [] : takenOverFindings(takenOver)),
    ...(entries.length === 0 ? renamedFindings(ledger, files, others) : []),
  ];
}

function fileFindings({ id, path, problems }: MigrationFile): readonly MigrationFinding[] {
  return problems.map(({ line, message, hint }) => ({
    severity: "error",
    migration: id,
    message: `${path}:${String(line)}: ${message}`,
    hint,
  }));
}

function editedFindings(files: readonly MigrationFile[], entries: readonly LedgerEntry[]): readonly MigrationFinding[] {
  const applied = new Map(entries.filter(({ state }) => state === "applied").map(({ id, checksum }) => [id, checksum]));
  const edited = files.filter(({ id, checksum, repeatable }) => !repeatable && applied.has(id) && applied.get(id) !== checksum);
  return edited.map(({ id, path }) => ({
    severity: "error",
    migration: id,
    message: `${path} was edited after it had been applied.`,
    hint: "Put its text back, and make the change in a new migration.",
  }));
}

/** Nobody could bring it to its end: its file is gone. */
function orphanFindings(files: readonly MigrationFile[], entries: readonly LedgerEntry[]): readonly MigrationFinding[] {
  const known = new Set(files.map(({ id }) => id));
  const begun = entries.filter((entry) => ["running", "partial"].includes(entry.state) && !isUnfinished(entry) && !known.has(entry.id));
  return begun.map(({ id, startedAt, runner }) => ({
    severity: "error",
    migration: id,
    message: `began at ${startedAt} (${runner}) and has not ended, and its file is not in the folder: some of it may be in effect.`,
    hint: "Put the file back, so that it goes on where it stopped, or look what there is of it and say so with `repair`: `applied` or `failed`.",
  }));
}

/** What contracts is meant to run later than what comes behind it. */
function lateFindings(files: readonly MigrationFile[], entries: readonly LedgerEntry[], refused: boolean): readonly MigrationFinding[] {
  const seen = new Set(entries.filter(({ state }) => state === "applied").map(({ id }) => id));
  const before = beforeContract(files);
  const last = before.findLast(({ id, repeatable }) => seen.has(id) && !repeatable);
  if (last === undefined) return [];
  const late = before.slice(0, before.indexOf(last)).filter(({ id, repeatable }) => !seen.has(id) && !repeatable);
  return late.map(({ id }) => ({
    severity: refused ? "error" : "warning",
    migration: id,
    message: `comes before ${last.id}, which has been applied already${refused ? "" : "; it runs now"}.`,
    hint: refused ? "Give it a later number." : "Give it a later number if it depends on the order.",
  }));
}

/** Were it the table of another folder, what it knows would never run. */
function takenOverFindings({ tool, table, taken }: TakenOver): readonly MigrationFinding[] {
  const migrations = taken.length === 1 ? "1 migration" : `${String(taken.length)} migrations`;
  return taken.slice(-1).map(({ file }) => ({
    severity: "warning",
    migration: file.id,
    message: `is the last of ${migrations} of ${tool} that ${taken.length === 1 ? "counts" : "count"} as applied: ${table} says so.`,
    hint: `Leave it if ${tool} has run this folder here. If that is the table of another folder, give the role a \`search_path\` in which it is not found.`,
  }));
}

/** Applied again under another name they would fail, or do everything twice. */
function renamedFindings(ledger: Ledger, files: readonly MigrationFile[], others: LedgerContent["others"]): readonly MigrationFinding[] {
  const found = others.find(({ id }) => files.some((file) => file.id === id));
  if (found === undefined) return [];
  return [
    {
      severity: "error",
      migration: found.id,
      message: `has been applied here as a migration of the application "${found.application}".`,
      hint:
        `If that is this application under its old name: update ${tableOf(ledger)} set application = '${ledger.application.replaceAll("'", "''")}' ` +
        `where application = '${found.application.replaceAll("'", "''")}'. If it is another one, keep the ledgers apart with \`schema\`.`,
    },
  ];
}
