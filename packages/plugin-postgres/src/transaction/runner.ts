import type { Clock, Logger } from "@fairlead/core";
import type { Session } from "../connection/session.js";
import type { Run } from "../ledger/entry.js";
import type { Ledger } from "../ledger/ledger.js";

/** What migrations run with. */
export interface Runner {
  readonly session: Session;
  /** Another connection, to ask whom the session waits for; none where nobody else is. */
  readonly through?: Session;
  readonly ledger: Ledger;
  readonly run: Run;
  readonly clock: Clock;
  readonly log: Logger;
  /** Masks what is written to the ledger. */
  readonly redact: (text: string) => string;
  /** How long a statement waits for a lock before everybody behind it is let pass, in milliseconds. */
  readonly lockTimeout: number;
  /** How long a migration is tried again because of that, in milliseconds. */
  readonly patience: number;
}

/** `applied-loosely`: the file ended the transaction that it was run in. `skipped`: somebody else has just applied it. */
export type RunOutcome = "applied" | "applied-loosely" | "skipped";
