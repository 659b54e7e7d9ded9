import type { Node } from "libpg-query";
import { lockModes, strongerOf, type LockMode } from "../locks/lock-mode.js";
import { predictLocks, type StatementEffects } from "../locks/predict-locks.js";
import type { KnownSchema } from "../schema/known-schema.js";
import { learn } from "../schema/learn.js";
import type { Parser } from "../sql/parser.js";
import type { Script, Statement } from "../sql/script.js";
import { createTextMap, type Place } from "../sql/text-map.js";
import type { Break } from "../survival/break.js";
import { breaksIn } from "../survival/breaks-in.js";
import { noNovelties, relationMadeBy } from "../survival/novelties.js";
import { nameOfRelation } from "../sql/names.js";
import { fixOf, type Complained, type Fix } from "./fix.js";
import { isIgnored, readIgnores, type Ignore } from "./ignores.js";
import type { Complaint, Given, Rule } from "./rule.js";

/** Something that a rule says about a statement. */
export interface LintFinding {
  readonly rule: Rule;
  readonly what: string;
  readonly place: Place;
  readonly relation?: string;
  /** What to put in the place of a piece of the file's text. */
  readonly fix?: Fix;
}

export interface LintedStatement {
  readonly statement: Statement;
  readonly effects: StatementEffects;
  readonly findings: readonly LintFinding[];
  /** What the release before may not survive of it. */
  readonly breaks: readonly Break[];
}

export interface LintedScript {
  readonly statements: readonly LintedStatement[];
  /** Comments that silenced nothing, or do not say why. */
  readonly ignores: readonly Ignore[];
}

export interface LintInput {
  readonly parser: Parser;
  readonly text: string;
  readonly script: Script;
  /** Is changed by what the script does. */
  readonly schema: KnownSchema;
  readonly rules: readonly Rule[];
  /** Whether the file runs in one transaction. */
  readonly transaction: boolean;
}

/** Holds the statements of a file against rules, one after the other, and learns from each what it does to the schema. */
export function lintScript({ parser, text, script, schema, rules, transaction }: LintInput): LintedScript {
  const made = new Set<string>();
  const held = new Map<string, LockMode>();
  const earlier: Node[] = [];
  const novelties = noNovelties();
  const ignores = readIgnores(text, script.statements);
  const statements = script.statements.map((statement) => {
    const { node } = statement;
    const effects = predictLocks(node, schema);
    const given: Given = { node, text: statement.text, schema, effects, made, transaction, earlier, held };
    const findings = rules.flatMap((rule) => {
      const complaints = rule.check(given);
      if (complaints.length === 0) return [];
      return complaints
        .filter(({ relation }) => relation === undefined || !made.has(relation))
        .filter(() => !isIgnored(ignores, rule, statement))
        .map((complaint) => findingOf(complaint, { rule, given, complaints, parser, text, script, statement }));
    });
    const breaks = breaksIn(parser, node, { novelties, schema });
    remember({ node, schema, made, held, effects });
    earlier.push(node);
    return { statement, effects, findings, breaks };
  });
  return { statements, ignores: ignores.filter(({ used, reason }) => !used || reason === undefined) };
}

function findingOf(complaint: Complaint, where: Complained): LintFinding {
  const { rule, text, script, statement } = where;
  const { what, relation, at } = complaint;
  const place = at === undefined ? statement.place : script.placeOf(at);
  const fix = complaint.mend === undefined ? undefined : fixOf(complaint, at === undefined ? statement.start : indexOf(text, place), where);
  return { rule, what, place, ...(relation === undefined ? {} : { relation }), ...(fix === undefined ? {} : { fix }) };
}

function indexOf(text: string, { line, column }: Place): number {
  let start = 0;
  for (let left = line - 1; left > 0; left -= 1) start = text.indexOf("\n", start) + 1;
  // A column counts characters, of which some are two of the string's.
  return start + createTextMap(text.slice(start, start + 2 * column)).indexOfCharacter(column - 1);
}

interface Remembered {
  readonly node: Node;
  readonly schema: KnownSchema;
  readonly made: Set<string>;
  readonly held: Map<string, LockMode>;
  readonly effects: StatementEffects;
}

const noticed = lockModes.indexOf("Share");

function remember({ node, schema, made, held, effects }: Remembered): void {
  for (const [relation, mode] of effects.locks)
    if (lockModes.indexOf(mode) >= noticed && !made.has(relation)) held.set(relation, strongerOf(held.get(relation), mode));
  const created = relationMadeBy(node);
  if (created !== undefined && !schema.relations.has(nameOfRelation(created))) made.add(nameOfRelation(created));
  if ("RenameStmt" in node && made.has(nameOfRelation(node.RenameStmt.relation)) && node.RenameStmt.renameType === "OBJECT_TABLE")
    made.add(nameOfRelation({ ...node.RenameStmt.relation, relname: node.RenameStmt.newname ?? "" }));
  learn(schema, node);
}
