import type { MigrationFinding } from "@fairlead/core";
import type { Session } from "../connection/session.js";
import { parseMigration, type MigrationFile } from "../folder/migration-file.js";
import { revertOne } from "../run/revert-one.js";
import { differencesBetween, type Difference } from "../snapshot/differences.js";
import { readSnapshot, type SchemaSnapshot } from "../snapshot/snapshot.js";
import type { Rehearsal } from "./rehearsal.js";
import { findServerWide } from "./server-wide.js";
import { failureOf, scratchRunner, tryOut } from "./try-out.js";
import type { WayBack } from "./verification.js";

/** A migration that ran on the scratch database, and what that was before and behind it. */
export interface Tried {
  readonly file: MigrationFile;
  readonly before: SchemaSnapshot;
  readonly after: SchemaSnapshot;
}

export interface WaysBack {
  readonly found: ReadonlyMap<string, WayBack>;
  readonly findings: readonly MigrationFinding[];
}

/** Takes back what was tried, newest first, as far as that goes, and applies it again; the schema must be what it was each time. */
export async function tryWaysBack(rehearsal: Rehearsal, scratch: Session, tried: readonly Tried[]): Promise<WaysBack> {
  const found = new Map<string, WayBack>(tried.map(({ file }) => [file.id, file.down === undefined ? "none" : "untried"]));
  const findings: MigrationFinding[] = [];
  const say = ({ id, path }: MigrationFile, wayBack: WayBack, problem: string): void => {
    found.set(id, wayBack);
    const hint = "Mend it, or remove it: a way back that is needed is needed at once.";
    findings.push({ severity: "warning", migration: id, message: `the way back of ${path} ${problem}.`, hint });
  };
  const returned: Tried[] = [];
  for (const one of [...tried].reverse()) {
    const { file, before } = one;
    const back = wayBackOf(file);
    if (back === undefined) break;
    const problem = await takeBack(rehearsal, scratch, back);
    if (problem !== undefined) {
      say(file, "fails", `fails: ${problem}`);
      break;
    }
    returned.push(one);
    const left = differencesBetween(await readSnapshot(scratch, [rehearsal.ledger.schema]), before);
    if (left.length > 0) {
      say(file, "differs", `does not lead back: ${inWords(left)}`);
      break;
    }
    found.set(file.id, "returns");
  }
  for (const { file, after } of returned.reverse()) {
    const { failure } = await tryOut(rehearsal, scratch, file);
    if (failure !== undefined) {
      say(file, "fails", `leaves a database on which the migration does not run again: ${failure.problem}`);
      break;
    }
    const left = differencesBetween(await readSnapshot(scratch, [rehearsal.ledger.schema]), after);
    if (left.length > 0 && found.get(file.id) === "returns") say(file, "differs", `does not let it make the same again: ${inWords(left)}`);
  }
  return { found, findings };
}

/** The first three. */
function inWords(differences: readonly Difference[]): string {
  const happened = { here: "stays", there: "is missing", both: "is another one" };
  return differences
    .slice(0, 3)
    .map(({ kind, name, there }) => `the ${kind} ${name.replace(/^public\./, "")} ${happened[there]}`)
    .join(", ");
}

function wayBackOf({ id, path, down, repeatable }: MigrationFile): MigrationFile | undefined {
  if (down === undefined || repeatable || findServerWide(down) !== undefined) return undefined;
  return parseMigration(id, `the way back of ${path}`, down);
}

async function takeBack(rehearsal: Rehearsal, scratch: Session, back: MigrationFile): Promise<string | undefined> {
  try {
    await revertOne(scratchRunner(rehearsal, scratch), back);
    return undefined;
  } catch (error) {
    return failureOf(scratch, error).problem;
  }
}
