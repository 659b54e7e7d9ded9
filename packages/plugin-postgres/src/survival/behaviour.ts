import type { AlterSeqStmt, Node } from "libpg-query";
import { joined, nameOf, nameOfRelation } from "../sql/names.js";
import { loses, needsDown, recipes, type Break } from "./break.js";
import type { Known } from "./known.js";

/** What changes what statements of the code before do, where their texts stay right: triggers, rules, functions, views, sequences, roles. */
export function breaksOfBehaviour(node: Node, known: Known): readonly Break[] {
  return rules.flatMap((rule) => rule(node, known));
}

const rules: readonly ((node: Node, known: Known) => readonly Break[])[] = [
  (node, { novelties: { relations } }) => {
    const table =
      "CreateTrigStmt" in node
        ? nameOfRelation(node.CreateTrigStmt.relation)
        : "RuleStmt" in node
          ? nameOfRelation(node.RuleStmt.relation)
          : undefined;
    return table === undefined || relations.has(table) ? [] : [needsDown(`changes what happens at writes to ${table}`, recipes.look)];
  },
  (node, { novelties: { relations } }) => {
    if ("CreatePolicyStmt" in node && node.CreatePolicyStmt.permissive !== true) {
      const table = nameOfRelation(node.CreatePolicyStmt.table);
      return relations.has(table) ? [] : [needsDown(`hides rows of ${table} by a policy`, recipes.restrict)];
    }
    if (!("AlterPolicyStmt" in node)) return [];
    const table = nameOfRelation(node.AlterPolicyStmt.table);
    return relations.has(table) ? [] : [needsDown(`changes a policy of ${table}`, recipes.restrict)];
  },
  (node, { novelties: { others }, schema }) => {
    if ("AlterFunctionStmt" in node)
      return [needsDown(`changes the function ${joined(node.AlterFunctionStmt.func?.objname)}`, recipes.look)];
    if (!("CreateFunctionStmt" in node) || node.CreateFunctionStmt.replace !== true) return [];
    const name = joined(node.CreateFunctionStmt.funcname);
    return (schema.routines.has(name) || !schema.complete) && !others.has(`function ${name}`)
      ? [needsDown(`replaces the function ${name}`, recipes.look)]
      : [];
  },
  (node, { novelties: { relations }, schema }) => {
    if (!("ViewStmt" in node) || node.ViewStmt.replace !== true) return [];
    const name = nameOfRelation(node.ViewStmt.view);
    return (schema.relations.has(name) || !schema.complete) && !relations.has(name)
      ? [needsDown(`replaces the view ${name}`, recipes.look)]
      : [];
  },
  (node, known) => ("AlterSeqStmt" in node ? breaksOfSequence(node.AlterSeqStmt, known) : []),
  (node, { novelties: { others } }) => {
    if ("AlterOwnerStmt" in node) {
      const name = nameOf(node.AlterOwnerStmt.object);
      return [...others].some((other) => other.endsWith(` ${name}`)) ? [] : [needsDown(`gives ${name} to another role`, recipes.look)];
    }
    if ("AlterDatabaseSetStmt" in node || "AlterRoleSetStmt" in node || "AlterSystemStmt" in node)
      return [needsDown("changes settings of connections", recipes.look)];
    if ("AlterRoleStmt" in node) return [needsDown("changes a role", recipes.look)];
    return "DropRoleStmt" in node || "DropOwnedStmt" in node
      ? [loses("DropRoleStmt" in node ? "drops a role" : "drops whatever a role owns")]
      : [];
  },
  (node) => ("DropdbStmt" in node ? [loses("drops a database")] : []),
];

const harmless = ["owned_by", "cache"];

function breaksOfSequence({ sequence, options = [] }: AlterSeqStmt, { novelties: { relations } }: Known): readonly Break[] {
  const name = nameOfRelation(sequence);
  const isHarmless = options.every((one) => "DefElem" in one && harmless.includes(one.DefElem.defname ?? ""));
  return relations.has(name) || isHarmless ? [] : [needsDown(`changes the numbers of ${name}`, recipes.look)];
}
