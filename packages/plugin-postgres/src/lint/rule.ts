import type { Node } from "libpg-query";
import type { LockMode } from "../locks/lock-mode.js";
import type { StatementEffects } from "../locks/predict-locks.js";
import type { KnownSchema } from "../schema/known-schema.js";

/** One statement of a file, and what is known where it runs. */
export interface Given {
  readonly node: Node;
  /** As it is written. */
  readonly text: string;
  /** Before the statement. */
  readonly schema: KnownSchema;
  readonly effects: StatementEffects;
  /** Tables and views that earlier statements of the same file made: nobody else uses them yet. */
  readonly made: ReadonlySet<string>;
  /** Whether it runs in one transaction with the rest of the file. */
  readonly transaction: boolean;
  /** What ran before it in the same file. */
  readonly earlier: readonly Node[];
  /** The strongest locks that statements before it, in the same transaction, hold on tables that are used by others. */
  readonly held: ReadonlyMap<string, LockMode>;
}

/** What a rule has against a statement. */
export interface Complaint {
  /** In a few words, with names and without values. */
  readonly what: string;
  /** The table or view that others use: on one that the same file made, nothing is said. */
  readonly relation?: string;
  /** A `location` of the parser's; default where the statement begins. */
  readonly at?: number | undefined;
  /** Makes of the statement's text, from that place on, one that there is nothing against; where it is mechanical. */
  readonly mend?: (text: string) => string;
}

/**
 * `locks`: others wait for it. `compatibility`: the release before does not survive it. `transactions`: it does not run, or not as a whole. `types`, `names`: what is regretted
 * later.
 */
export type Concern = "locks" | "compatibility" | "transactions" | "types" | "names";

/** Something that migrations should not do. */
export interface Rule {
  /** That of squawk, where squawk has the rule. */
  readonly id: string;
  /** The ids of the same rule elsewhere. */
  readonly elsewhere: readonly string[];
  readonly concern: Concern;
  /** Whether it only matters where a table has many rows. */
  readonly sized?: true;
  readonly why: string;
  /** What to write instead. */
  readonly recipe: string;
  readonly examples: {
    /** The last statement of it is complained about. */
    readonly bad: string;
    readonly good: string;
  };
  check(given: Given): readonly Complaint[];
}
