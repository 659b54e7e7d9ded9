import * as z from "zod";
import type { MigrationPhase, MigrationPlan } from "@fairlead/core";
import { phases } from "../folder/phases.js";
import { refuseBeforeEarlier } from "../migrations/refuse-before-earlier.js";
import { isWanted } from "./agreed.js";
import { count, defineMigrationCommand, environmentName, migrationsOf } from "./opened.js";
import { findingLines } from "./plan.js";

export const applyCommand = defineMigrationCommand({
  name: "apply",
  brief: "Apply what is pending",
  description: `Applies pending migrations phase by phase: ${phases.join(", ")}; with --phase none before an earlier one that is pending. Safe to run again, and beside other runners: each waits for the one before. What contracts is only survived by the newest release: outside of development it is asked for, or wanted with --yes.`,
  subject: { kind: "environment" },
  effect: "acts",
  untouched: "Nothing was applied.",
  flags: {
    phase: {
      brief: "Only this phase; may be given several times",
      value: phases.join("|"),
      schema: z.enum(phases, `There are: ${phases.join(", ")}.`),
      many: true,
    },
    yes: { brief: "Also apply what contracts, without asking" },
    detailedExitCode: { brief: "End with 7 if there is nothing to do" },
  },
  examples: ["migrations apply staging", "migrations apply production --phase expand"],
  async run(call) {
    const { flags, reporter, signal } = call;
    const environment = environmentName(call);
    const migrations = await migrationsOf(call);
    const plan = await migrations.plan(signal);
    if (plan.findings.some(({ severity }) => severity === "error")) {
      reporter.answer("refused", { problems: plan.findings.map((finding) => ({ ...finding })) });
      reporter.problem([`${environment}: nothing is applied before this is mended.`, ...findingLines(plan.findings, reporter)]);
      return { end: "refused", next: [`migrations plan ${environment}`] };
    }
    const wanted: readonly MigrationPhase[] = flags.phase.length === 0 ? phases : flags.phase;
    const due = plan.pending.filter(({ phase }) => wanted.includes(phase));
    if (due.length === 0) {
      reporter.answer("applied", { migrations: [] });
      reporter.text([`${environment}: nothing to do.`]);
      return { end: flags.detailedExitCode ? "nothing-to-do" : "success" };
    }
    refuseBeforeEarlier(plan.pending, wanted);
    if (!flags.yes && call.environment?.kind !== "development" && !(await mayContract(due, call))) return { end: "refused" };
    const { applied } = await migrations.apply(signal, wanted);
    reporter.answer("applied", { migrations: applied.map((one) => ({ ...one })) });
    reporter.text([`${environment}: ${count(applied.length, "migration")} applied.`]);
    return { end: "success", next: [`migrations status ${environment}`] };
  },
});

async function mayContract(due: MigrationPlan["pending"], { reporter }: Parameters<typeof applyCommand.run>[0]): Promise<boolean> {
  const contracting = due.filter(({ phase }) => phase === "contract").map(({ id }) => id);
  if (contracting.length === 0) return true;
  const what = `${contracting.join(", ")}: a release before this one does not survive ${contracting.length === 1 ? "it" : "them"}.`;
  const otherwise = "Nothing was applied: give --yes, or --phase expand --phase backfill to leave it to the next deployment.";
  return isWanted(reporter, `${what} Apply all the same?`, [what, otherwise]);
}
