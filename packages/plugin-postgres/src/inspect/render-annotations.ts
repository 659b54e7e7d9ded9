import type { Inspection } from "./inspection.js";

const commands = { error: "error", warning: "warning", note: "notice" };

/** Workflow commands of GitHub Actions, one a line: printed in a job, they stand beside the changed lines. */
export function toAnnotations(inspections: readonly Inspection[]): string {
  return inspections
    .flatMap(({ findings }) => findings)
    .map(({ severity, path, line, column, rule, message, why, recipe }) => {
      const place = `file=${property(path)},line=${String(line)},col=${String(column)},title=${property(rule)}`;
      return `::${commands[severity]} ${place}::${data(`${message}. ${why} ${recipe}`)}`;
    })
    .join("\n");
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
