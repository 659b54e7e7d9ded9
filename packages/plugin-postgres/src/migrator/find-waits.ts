import type { MigrationFinding } from "@fairlead/core";
import type { MigrationFile } from "../folder/migration-file.js";
import { inspectFiles } from "../inspect/inspect-files.js";
import { allRules } from "../lint/all-rules.js";
import type { KnownSchema } from "../schema/known-schema.js";
import { loadParser } from "../sql/parser.js";

/** What says nothing of small tables; what breaks the code before is found elsewhere, with what becomes of it. */
const rules = allRules.filter(({ concern, sized }) => concern === "locks" && sized === true);

/**
 * Where pending files would keep others waiting for long, as the sizes of the tables say: an error from ten million rows on, else a warning. `schema` is what the database holds, and is changed by what the files do.
 */
export async function findWaits(pending: readonly MigrationFile[], schema: KnownSchema): Promise<readonly MigrationFinding[]> {
  if ([...schema.relations.values()].every(({ rows = 0 }) => rows === 0)) return [];
  const parser = await loadParser();
  return inspectFiles(pending, { parser, schema, rules }).flatMap(({ id, findings }) =>
    findings.flatMap(({ severity, path, line, column, message, rule, recipe }) =>
      severity === "note" || !rules.some((one) => one.id === rule)
        ? []
        : [
            {
              severity,
              migration: id,
              message: `${path}:${String(line)}:${String(column)}: ${message} (${rule}).`,
              hint: hintOf(rule, recipe),
            },
          ],
    ),
  );
}

function hintOf(rule: string, recipe: string): string {
  return `${recipe} If it may take long, write above it \`-- fairlead-ignore ${rule}: why\`.`;
}
