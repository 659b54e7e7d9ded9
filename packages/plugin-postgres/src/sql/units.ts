import type { Node } from "libpg-query";
import { outsideTransaction, type OutsideStatement } from "./outside-transaction.js";
import type { Script, Statement } from "./script.js";

/** What takes effect as a whole or not at all, or what runs outside of a transaction: one statement. */
export interface Unit {
  /** Number of its first statement in the script, from 1. */
  readonly first: number;
  /** Without the words that begin and end a transaction around them. */
  readonly statements: readonly Statement[];
  readonly outside: OutsideStatement | undefined;
  /** How its transaction begins, where the file asks for another isolation. */
  readonly begin: string | undefined;
}

/** How a script is to be run. */
export type ScriptShape =
  /** In one transaction. `inBlock`: there is a `begin` and `commit` around the statements. */
  | {
      readonly kind: "whole";
      /** Without what begins and ends the transaction, and without what says how it begins. */
      readonly statements: readonly Statement[];
      /** How many of the script's stand before these. */
      readonly skipped: number;
      readonly begin: string | undefined;
    }
  /** Step by step, as it cannot run in one transaction. */
  | { readonly kind: "steps"; readonly units: readonly Unit[] }
  /** It ends a transaction that it has not begun, or takes one back. */
  | { readonly kind: "loose" };

/**
 * How a script is to be run: in one transaction unless it has statements that PostgreSQL refuses there, or brings several transactions of its own. `alone`: it says of itself that it wants
 * none; `inSteps`: it has begun to run step by step.
 */
export function shapeOf(
  { statements }: Script,
  { alone, inSteps = false }: { readonly alone: boolean; readonly inSteps?: boolean },
): ScriptShape {
  const units = unitsOf(statements, alone);
  if (units === undefined) return { kind: "loose" };
  const [only] = units;
  const isOne = units.length === 1 && only?.outside === undefined;
  const begins = statements.some(({ node }) => controlOf(node) === "begin");
  if (!alone && !inSteps && (isOne || (!begins && units.every(({ outside }) => outside === undefined)))) return wholeOf(units, begins);
  return { kind: "steps", units };
}

function wholeOf(units: readonly Unit[], begins: boolean): ScriptShape {
  const statements = units.flatMap((unit) => unit.statements);
  const [first, ...others] = statements;
  const level = begins || first === undefined ? undefined : isolationOf(first.node);
  if (level !== undefined) return { kind: "whole", statements: others, skipped: 1, begin: beginAt(level) };
  return { kind: "whole", statements, skipped: begins ? (units[0]?.first ?? 1) - 1 : 0, begin: units[0]?.begin };
}

/** Nothing where transactions do not end as they begin. */
function unitsOf(statements: readonly Statement[], alone: boolean): readonly Unit[] | undefined {
  const units: Unit[] = [];
  let block: { first: number; readonly statements: Statement[]; begin: string | undefined } | undefined;
  for (const [index, statement] of statements.entries()) {
    const control = controlOf(statement.node);
    if (control === "other") return undefined;
    if (control === "begin") {
      if (block !== undefined) return undefined;
      // Its first statement is the one behind the word.
      block = { first: index + 2, statements: [], begin: beginOf(statement.node) };
    } else if (control === "commit") {
      if (block === undefined) return undefined;
      units.push({ ...block, outside: undefined });
      block = undefined;
    } else if (block === undefined)
      units.push({
        first: index + 1,
        statements: [statement],
        outside: outsideTransaction(statement.node) ?? calledAlone(statement, alone),
        begin: undefined,
      });
    else addTo(block, statement);
  }
  return block === undefined ? units : undefined;
}

/** What says how the transaction begins must come before everything else in it, also before what is written down of it. */
function addTo(block: { first: number; readonly statements: Statement[]; begin: string | undefined }, statement: Statement): void {
  const level = block.statements.length === 0 ? isolationOf(statement.node) : undefined;
  if (level === undefined) {
    block.statements.push(statement);
    return;
  }
  block.begin = beginAt(level);
  block.first += 1;
}

/** The level of `set transaction isolation level …`, which says nothing else. */
export function isolationOf(node: Node): string | undefined {
  if (!("VariableSetStmt" in node) || node.VariableSetStmt.kind !== "VAR_SET_MULTI" || node.VariableSetStmt.name !== "TRANSACTION")
    return undefined;
  const { args = [] } = node.VariableSetStmt;
  return args.length === 1 ? levelIn(args) : undefined;
}

/** Procedures and blocks may end transactions themselves, where a file says that it wants none. What came of them nobody can say but a person. */
function calledAlone({ node }: Statement, alone: boolean): OutsideStatement | undefined {
  if (!alone || !("CallStmt" in node || "DoStmt" in node)) return undefined;
  return { words: "CallStmt" in node ? "CALL" : "DO", effect: { kind: "unknown" }, leavesRemains: true };
}

/** Whether a script ends the transaction that it runs in. */
export function endsTransaction({ statements }: Script): boolean {
  return statements.some(({ node }) => ["commit", "other"].includes(controlOf(node) ?? ""));
}

/** Savepoints stay within a transaction. */
function controlOf(node: Node): "begin" | "commit" | "other" | undefined {
  if (!("TransactionStmt" in node)) return undefined;
  const { kind, chain } = node.TransactionStmt;
  if (kind === "TRANS_STMT_SAVEPOINT" || kind === "TRANS_STMT_RELEASE" || kind === "TRANS_STMT_ROLLBACK_TO") return undefined;
  if (kind === "TRANS_STMT_BEGIN" || kind === "TRANS_STMT_START") return "begin";
  return kind === "TRANS_STMT_COMMIT" && chain !== true ? "commit" : "other";
}

function beginOf(node: Node): string | undefined {
  const level = "TransactionStmt" in node ? levelIn(node.TransactionStmt.options ?? []) : undefined;
  return level === undefined ? undefined : beginAt(level);
}

function beginAt(level: string): string {
  return `begin isolation level ${level}`;
}

function levelIn(options: readonly Node[]): string | undefined {
  for (const option of options) {
    if (!("DefElem" in option) || option.DefElem.defname !== "transaction_isolation") continue;
    const { arg } = option.DefElem;
    const level = arg !== undefined && "A_Const" in arg ? arg.A_Const.sval?.sval : undefined;
    if (level !== undefined) return level;
  }
  return undefined;
}
