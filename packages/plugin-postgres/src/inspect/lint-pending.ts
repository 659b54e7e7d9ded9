import { Secret, systemClock, type MigrationPhase } from "@fairlead/core";
import { readAddress } from "../connection/address.js";
import { openSession } from "../connection/session.js";
import { readFolder } from "../folder/read-folder.js";
import { isApplied } from "../ledger/is-applied.js";
import { checkOptions } from "../options.js";
import { readContent } from "../migrator/read-content.js";
import { readKnownSchema } from "../schema/read-known.js";
import { loadParser } from "../sql/parser.js";
import { findBreaks } from "../survival/find-breaks.js";
import { inspectFiles } from "./inspect-files.js";
import type { Inspection } from "./inspection.js";

/** Options of `lintPending`. */
export interface LintPendingOptions {
  /** Folder of SQL files, relative to where the process runs. */
  readonly folder: string;
  /** `postgres://user:password@host:5432/database`; the role need only be able to connect and to read what was applied. */
  readonly url: string;
  /** That of `createDeployer`: under its name it is written down what was applied. */
  readonly application: string;
  /** That of the plugin's options. Default `"fairlead"`. */
  readonly schema?: string;
  /** Ends it. */
  readonly signal?: AbortSignal;
}

const phases: readonly MigrationPhase[] = ["expand", "backfill", "contract"];

/**
 * What the pending migrations of a folder would do to a database, in the order in which they would run: the locks of their statements on tables of the size that they have, what they write anew, what the rules have against them, and whether the
 * release before can be put back. Changes nothing. Rejects with an error of the catalogue where folder or database cannot be read.
 */
export async function lintPending({ folder, url, application, schema: named, signal }: LintPendingOptions): Promise<readonly Inspection[]> {
  const { schema } = checkOptions({ migrations: folder, schema: named });
  const files = await readFolder(folder);
  const session = await openSession({
    address: readAddress(new Secret("url", url)),
    clock: systemClock,
    name: "fairlead lint",
    signal: signal ?? new AbortController().signal,
  });
  try {
    const { entries } = await readContent(session, { schema, application }, files);
    const known = await readKnownSchema(session);
    const waiting = files.filter(
      (file) =>
        !isApplied(
          file,
          entries.find(({ id }) => id === file.id),
        ),
    );
    const pending = phases.flatMap((phase) => waiting.filter((file) => file.phase === phase));
    const { compatibility } = await findBreaks(pending, known);
    const inspections = inspectFiles(pending, { parser: await loadParser(), schema: known });
    // What one pending file makes, the release before cannot miss when another one drops it.
    return inspections.map((one) => ({ ...one, compatibility: compatibility.get(one.id) ?? one.compatibility }));
  } finally {
    await session.close();
  }
}
