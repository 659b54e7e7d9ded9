import { Secret, systemClock } from "@fairlead/core";
import { readAddress } from "../connection/address.js";
import { openSession } from "../connection/open-session.js";
import { readFolder } from "../folder/read-folder.js";
import { checkOptions } from "../options.js";
import { inspectPending } from "./inspect-pending.js";
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
    return await inspectPending(session, { schema, application }, files);
  } finally {
    await session.close();
  }
}
