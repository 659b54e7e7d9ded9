import { fail } from "@fairlead/core";
import * as z from "zod";
import { readFolder } from "../folder/read-folder.js";
import type { Inspection, Severity } from "../inspect/inspection.js";
import { lintFolder } from "../inspect/lint-folder.js";
import { writeFixes } from "../inspect/write-fixes.js";
import { postgresErrors } from "../postgres-errors.js";
import { asJson } from "./as-json.js";
import { formatFlag, renderInspections } from "./formats.js";
import { count, defineMigrationCommand, migrationsOf } from "./opened.js";

const worstFirst: readonly Severity[] = ["error", "warning", "note"];

export const lintCommand = defineMigrationCommand({
  name: "lint",
  brief: "Say what is wrong with migrations; no environment, no database",
  description:
    "Holds the migrations of the folder against the rules of docs/lint.md. With an environment only what is pending there, with the sizes of its tables. With --fix what is mechanical is mended in the files first. Ends with 1 where something is as bad as --fail-on says.",
  subject: { kind: "environment", optional: true },
  effect: "reads",
  flags: {
    only: { brief: "Its name; may be given several times", value: "name", many: true },
    fix: { brief: "Mend in the files what is mechanical; with an environment or --only, as an applied file that changes counts as edited" },
    format: formatFlag,
    failOn: {
      brief: "Which findings end it with 1; error if not said",
      value: "error|warning|note",
      schema: z.enum(worstFirst, "There are: error, warning, note."),
    },
  },
  examples: [
    "migrations lint",
    "migrations lint production",
    "migrations lint --format github --fail-on warning",
    "migrations lint production --fix",
  ],
  async run(call) {
    const { flags, reporter, signal, environment, settings } = call;
    if (flags.fix && environment === undefined && flags.only.length === 0) throw fail(postgresErrors, "POSTGRES_FIX_REFUSED", {});
    await refuseUnknown(settings.migrations, flags.only);
    const inspect = async (): Promise<readonly Inspection[]> => {
      const found =
        environment === undefined ? await lintFolder({ folder: settings.migrations }) : await (await migrationsOf(call)).inspect(signal);
      return flags.only.length === 0 ? found : found.filter(({ id }) => flags.only.includes(id));
    };
    const { inspections, files } = flags.fix
      ? await fixAll(settings.migrations, await begunIn(call), inspect)
      : { inspections: await inspect(), files: new Map<string, number>() };
    if (flags.fix) {
      reporter.answer("fixed", { files: Object.fromEntries(files) });
      if (flags.format === undefined || flags.format === "text")
        reporter.text([...files].map(([path, amount]) => `${path}: ${count(amount, "finding")} mended`));
    }
    for (const { statements, ...inspection } of inspections) reporter.answer("inspection", asJson({ ...inspection, statements }));
    const { format = "text", failOn = "error" } = flags;
    const bad = worstFirst.slice(0, worstFirst.indexOf(failOn) + 1);
    const failed = inspections.some(({ findings }) => findings.some(({ severity }) => bad.includes(severity)));
    if (format === "text") reporter.text([headline(inspections), ""]);
    const shown = format === "text" ? inspections.filter(({ findings }) => findings.length > 0) : inspections;
    reporter.text(renderInspections(shown, format));
    return { end: failed ? "error" : "success" };
  },
});

/** A mend may make room for another one of the same place; there are never many. */
const mostRounds = 5;

async function fixAll(
  folder: string,
  begun: ReadonlySet<string>,
  inspect: () => Promise<readonly Inspection[]>,
): Promise<{ readonly inspections: readonly Inspection[]; readonly files: ReadonlyMap<string, number> }> {
  const files = new Map<string, number>();
  for (let round = 0; ; round += 1) {
    const read = await readFolder(folder);
    const inspections = await inspect();
    const mayChange = inspections.filter(({ id }) => !begun.has(id));
    const written = round === mostRounds ? [] : await writeFixes(folder, read, mayChange);
    if (written.length === 0) return { inspections, files };
    for (const { path, count: amount } of written) files.set(path, (files.get(path) ?? 0) + amount);
  }
}

/** What goes on where it stopped must say what has run. */
async function begunIn(call: Parameters<typeof migrationsOf>[0]): Promise<ReadonlySet<string>> {
  const known = call.environment === undefined ? [] : await (await migrationsOf(call)).status(call.signal);
  return new Set(known.filter(({ state }) => state === "partial" || state === "running").map(({ id }) => id));
}

async function refuseUnknown(folder: string, names: readonly string[]): Promise<void> {
  const known = new Set(names.length === 0 ? [] : (await readFolder(folder)).map(({ id }) => id));
  const migration = names.find((name) => !known.has(name));
  if (migration !== undefined) throw fail(postgresErrors, "POSTGRES_MIGRATION_UNKNOWN", { migration, folder });
}

function headline(inspections: readonly Inspection[]): string {
  const findings = inspections.flatMap((inspection) => inspection.findings);
  const amounts = worstFirst.flatMap((severity) => {
    const amount = findings.filter((finding) => finding.severity === severity).length;
    return amount === 0 ? [] : [count(amount, severity)];
  });
  return `${count(inspections.length, "migration")}: ${amounts.length === 0 ? "nothing to say" : amounts.join(", ")}.`;
}
