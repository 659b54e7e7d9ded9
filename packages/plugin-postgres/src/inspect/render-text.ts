import type { Inspection, InspectedStatement, InspectionFinding } from "./inspection.js";

/** Inspections for people: what each migration does, and what there is to say about it. */
export function toText(inspections: readonly Inspection[]): string {
  return inspections.map(textOf).join("\n\n");
}

const compatibilities = {
  "code-only": "the release before can be put back",
  "needs-down": "the release before can be put back only after a way back",
  irreversible: "the release before cannot be put back",
  unknown: "whether the release before can be put back is not known",
};

/** `expand (inferred)`; what a file does not say runs as `expand`, whatever its statements do. */
function phaseText({ phase, declared, inferred }: Inspection): string {
  if (declared) return `${phase} (declared)`;
  if (inferred === null) return `${phase} (nothing declared)`;
  return inferred === phase ? `${phase} (inferred)` : `${phase} (nothing declared; its statements are of ${inferred})`;
}

function textOf(inspection: Inspection): string {
  const { path, transaction, compatibility, statements, findings } = inspection;
  const how = transaction ? "in a transaction" : "outside of a transaction";
  return [
    `${path}: ${phaseText(inspection)}, ${how}; ${compatibilities[compatibility]}`,
    ...statements.flatMap(linesOf),
    ...findings.flatMap(sayings),
  ].join("\n");
}

function linesOf({ line, summary, locks, rewrites }: InspectedStatement): readonly string[] {
  const held = locks.map(({ relation, mode, blocks, rows }) => {
    const size = rows === undefined ? "" : `, about ${rows.toLocaleString("en-US")} rows`;
    const anew = rewrites.includes(relation) ? ", written anew" : "";
    return `       ${mode} on ${relation}${size}${anew}: others wait for ${blocks}`;
  });
  return [`  ${String(line).padStart(4)} ${summary}`, ...held];
}

function sayings({ severity, line, column, message, rule, why, recipe }: InspectionFinding): readonly string[] {
  return [`  ${severity} at ${String(line)}:${String(column)}: ${message} (${rule})`, `       ${why}`, `       ${recipe}`];
}
