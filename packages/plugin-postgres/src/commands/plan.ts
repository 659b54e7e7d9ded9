import type { CommandReporter, MigrationFinding, MigrationPlan } from "@fairlead/core";
import { phases } from "../folder/phases.js";
import type { Inspection } from "../inspect/inspection.js";
import { asJson } from "./as-json.js";
import { renderInspections, formatFlag } from "./formats.js";
import { count, defineMigrationCommand, environmentName, migrationsOf } from "./opened.js";

export const planCommand = defineMigrationCommand({
  name: "plan",
  brief: "Show what apply would do, and what is wrong with it",
  description:
    "Says of each pending migration in which phase it runs, whether in a transaction, which locks its statements take on tables of which size, what they write anew, and whether the release before can be put back afterwards. Ends with 5 where a deployment would be refused. Changes nothing.",
  subject: { kind: "environment" },
  effect: "reads",
  flags: { format: formatFlag, detailedExitCode: { brief: "End with 7 if nothing is pending" } },
  examples: ["migrations plan production", "migrations plan production --format sarif > migrations.sarif"],
  async run(call) {
    const { flags, reporter, signal } = call;
    const environment = environmentName(call);
    const migrations = await migrationsOf(call);
    const plan = await migrations.plan(signal);
    const inspections = await migrations.inspect(signal);
    const refused = plan.findings.some(({ severity }) => severity === "error");
    reporter.answer("plan", { ...asJson(plan), inspections: asJson(inspections) });
    const { format = "text" } = flags;
    if (format !== "text") {
      reporter.text(renderInspections(inspections, format));
      return { end: refused ? "refused" : "success" };
    }
    reporter.text([headline(environment, plan), ...findingLines(plan.findings, reporter), ...bodyOf(inspections)]);
    if (plan.pending.length === 0) return { end: flags.detailedExitCode && !refused ? "nothing-to-do" : refused ? "refused" : "success" };
    return refused ? { end: "refused" } : { end: "success", next: [`migrations verify ${environment}`, `migrations apply ${environment}`] };
  },
});

const meanings = {
  "code-only": "the release before can be put back afterwards",
  "needs-down": "the release before can be put back only after a way back",
  irreversible: "the release before cannot be put back afterwards",
};

function headline(environment: string, { pending, findings, compatibility, ahead }: MigrationPlan): string {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const newer = ahead.length === 0 ? "" : ` The database has ${count(ahead.length, "migration")} that this folder has not.`;
  if (errors > 0) return `${environment}: ${count(errors, "problem")} to mend before anything is applied.${newer}`;
  if (pending.length === 0) return `${environment}: nothing is pending.${newer}`;
  const amounts = phases.flatMap((phase) => {
    const amount = pending.filter((one) => one.phase === phase).length;
    return amount === 0 ? [] : [`${String(amount)} ${phase}`];
  });
  return `${environment}: ${count(pending.length, "migration")} pending (${amounts.join(", ")}); ${meanings[compatibility]}.${newer}`;
}

/** What is wrong, the worst first. */
export function findingLines(findings: readonly MigrationFinding[], { style }: CommandReporter): readonly string[] {
  const sorted = [...findings].sort((one, other) => Number(other.severity === "error") - Number(one.severity === "error"));
  return sorted.flatMap(({ severity, migration, message, hint }) => [
    `  ${severity === "error" ? style.bad(style.marks.bad) : style.warning(style.marks.warning)} ${migration}: ${message}`,
    `      ${style.faint(hint)}`,
  ]);
}

function bodyOf(inspections: readonly Inspection[]): readonly string[] {
  return inspections.length === 0 ? [] : ["", ...renderInspections(inspections, "text")];
}
