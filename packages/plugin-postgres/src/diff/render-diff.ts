import type { DiffStatement, SchemaDiff } from "./difference.js";

const compatibilities = {
  "code-only": "the release before can be put back behind it",
  "needs-down": "the release before can be put back behind it only after a way back",
  irreversible: "the release before cannot be put back behind it",
  unknown: "whether the release before can be put back behind it is not known",
};

/** A diff for people, as SQL: what is to be thought of stands in comments above the statements. */
export function toDiffText(diff: SchemaDiff): string {
  const { from, to, statements, sql, compatibility } = diff;
  const isAlike = statements.length === 0 && diff.proof === "proved";
  const said = besideLines(diff, isAlike);
  if (isAlike) return [`-- ${from} and ${to} are alike.`, ...said].join("\n");
  return [
    `-- From ${from} to ${to}: ${String(statements.length)} ${statements.length === 1 ? "statement" : "statements"}; ${compatibilities[compatibility]}.`,
    `-- ${proofLine(diff)}`,
    ...said,
    ...frameOf(sql),
    ...statements.flatMap((statement) => [...hazardLines(statement), `${statement.sql.trim().replace(/;$/, "")};`]),
  ].join("\n");
}

/** What is to be known besides. */
function besideLines({ unwritten, leftOut, pending }: SchemaDiff, isAlike: boolean): readonly string[] {
  const named = `${pending.slice(0, 3).join(", ")}${pending.length > 3 ? ", …" : ""}`;
  const advice = isAlike
    ? "The database has all of it: `migrations baseline` counts it as applied."
    : "What they do is part of what differs: apply them first.";
  return [
    ...(pending.length === 0 ? [] : [`-- ${String(pending.length)} of the folder pending: ${named}. ${advice}`]),
    ...leftOut.map((name) => `-- left out: ${name}, the ledger of another tool`),
    ...unwritten.map((one) => `-- not looked at: ${oneLine(one)}`),
  ];
}

/** What stands before the first statement: a directive, a setting. Bodies of functions may have lines like these. */
function frameOf(sql: string): readonly string[] {
  const lines = sql.split("\n");
  const begun = lines.findIndex((line) => !/^(?:-- fairlead: |set (?:local )?check_function_bodies)/.test(line));
  return lines.slice(0, Math.max(0, begun));
}

function proofLine({ proof, problem, left }: SchemaDiff): string {
  if (proof === "proved") return "Tried on a scratch database: it makes just that.";
  const what = proof === "wrong" ? "WRONG: tried on a scratch database" : "Not tried on a scratch database";
  const named = left.slice(0, 5).map(({ kind, name }) => `the ${kind} ${name}`);
  return oneLine(`${what}: ${problem ?? ""}${named.length === 0 ? "" : ` (${named.join(", ")})`}`);
}

/** What a statement does to others. */
function hazardLines({ locks, rewrites, findings }: DiffStatement): readonly string[] {
  return [
    "",
    ...locks.map(({ relation, mode, blocks, rows }) => {
      const size = rows === undefined ? "" : `, about ${rows.toLocaleString("en-US")} rows`;
      return `-- ${mode} on ${relation}${size}${rewrites.includes(relation) ? ", written anew" : ""}: others wait for ${blocks}`;
    }),
    ...findings.map(({ severity, message, rule, recipe }) => `-- ${severity}: ${oneLine(message)} (${rule}). ${oneLine(recipe)}`),
  ];
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}
