import type { Node } from "libpg-query";
import { predictLocks } from "../locks/predict-locks.js";
import type { Parser } from "../sql/parser.js";
import type { Script, Statement } from "../sql/script.js";
import { setBy } from "../sql/set-by.js";
import type { Complaint, Given, Rule } from "./rule.js";

/** What to put in the place of a piece of a file's text. */
export interface Fix {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What a complaint is about. */
export interface Complained {
  readonly rule: Rule;
  readonly given: Given;
  /** All that the rule has against the statement. */
  readonly complaints: readonly Complaint[];
  readonly parser: Parser;
  readonly text: string;
  readonly script: Script;
  readonly statement: Statement;
}

/** What a mend changes, from `start` on; nothing where it changes nothing, or leads to what cannot run or is complained about still. */
export function fixOf({ mend }: Complaint, start: number, where: Complained): Fix | undefined {
  const { text, script, statement } = where;
  const before = text.slice(start, statement.end);
  const after = mend?.(before) ?? before;
  if (after === before || !canRun(after, script)) return undefined;
  // Mends look at words, which may stand in strings, in names and in comments too.
  const isPlain = !/['"$]|--|\/\*/.test(statement.text);
  if (!isPlain && !isBetter(text.slice(statement.start, start) + after, where)) return undefined;
  return changed(before, after, start);
}

function isBetter(mended: string, { rule, given, complaints, parser }: Complained): boolean {
  const script = parser.read(mended);
  if ("problem" in script || script.statements.length !== 1) return false;
  return script.statements.every(
    ({ node, text }) => rule.check({ ...given, node, text, effects: predictLocks(node, given.schema) }).length < complaints.length,
  );
}

/** What is done concurrently is refused in the transaction that a file brings itself, and without one there is nothing of what only lasts as long as that. */
function canRun(mended: string, { statements }: Script): boolean {
  return !/\bconcurrently\b/i.test(mended) || statements.every(({ node }) => !("TransactionStmt" in node) && !endsWithTransaction(node));
}

function endsWithTransaction(node: Node): boolean {
  if ("VariableSetStmt" in node) return node.VariableSetStmt.is_local === true;
  if ("CreateStmt" in node) return node.CreateStmt.oncommit === "ONCOMMIT_DROP";
  if ("CreateTableAsStmt" in node) return node.CreateTableAsStmt.into?.onCommit === "ONCOMMIT_DROP";
  return "LockStmt" in node || "ConstraintsSetStmt" in node || ("SelectStmt" in node && setBy(node) !== undefined);
}

/** Only the words that are others: what stands beside them is not written anew, and may be mended too. */
function changed(before: string, after: string, at: number): Fix {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  while (start > 0 && (isWithinWord(before, start) || isWithinWord(after, start))) start -= 1;
  let same = 0;
  while (same < shorter - start && before.at(-1 - same) === after.at(-1 - same)) same += 1;
  while (same > 0 && (isWithinWord(before, before.length - same) || isWithinWord(after, after.length - same))) same -= 1;
  return { start: at + start, end: at + before.length - same, text: after.slice(start, after.length - same) };
}

function isWithinWord(text: string, index: number): boolean {
  return /\w/.test(text.charAt(index - 1)) && /\w/.test(text.charAt(index));
}
