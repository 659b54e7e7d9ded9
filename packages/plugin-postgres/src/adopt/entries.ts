import type { LedgerEntry } from "../ledger/ledger.js";
import type { TakenOver } from "./take-over.js";
import type { Taken } from "./tool.js";

/** What was applied has the file's checksum, unless the file is known to be another one now. */
export function checksumOf({ file, edited }: Taken): string {
  return edited ? `another than ${file.checksum}` : file.checksum;
}

/** What is taken over, as the ledger will have it. */
export function entriesOf({ tool, taken }: TakenOver): readonly LedgerEntry[] {
  return taken.map((one) => ({
    ...{ id: one.file.id, checksum: checksumOf(one), state: "applied" as const, runner: tool },
    ...{ startedAt: one.appliedAt ?? "", failure: null, progress: null },
  }));
}
