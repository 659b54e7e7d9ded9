import { allRules } from "../lint/all-rules.js";
import type { Inspection } from "./inspection.js";

/** SARIF 2.1.0, for code scanning: `JSON.stringify(toSarif(inspections))`. Paths are as the folder was named. */
export function toSarif(inspections: readonly Inspection[]): object {
  const findings = inspections.flatMap((one) => one.findings);
  const spoken = new Set(findings.map(({ rule }) => rule));
  const rules = allRules.filter(({ id }) => spoken.has(id));
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "Fairlead",
            rules: rules.map(({ id, why, recipe }) => ({ id, shortDescription: { text: why }, help: { text: recipe } })),
          },
        },
        columnKind: "unicodeCodePoints",
        results: findings.map(({ rule, severity, path, line, column, message, recipe }) => ({
          ruleId: rule,
          level: severity,
          message: { text: `${message}. ${recipe}` },
          locations: [
            {
              physicalLocation: { artifactLocation: { uri: path.replaceAll("\\", "/") }, region: { startLine: line, startColumn: column } },
            },
          ],
        })),
      },
    ],
  };
}
