import type { CommandReporter } from "@fairlead/core";
import type { MigrationState, MigrationStatus } from "../migrations/status.js";
import { count, defineMigrationCommand, environmentName, migrationsOf } from "./opened.js";

/** What somebody has to look at. */
const wrong: readonly MigrationState[] = ["edited", "failed", "partial", "running"];
const waiting: readonly MigrationState[] = ["pending", "outdated", "reverted"];

export const statusCommand = defineMigrationCommand({
  name: "status",
  brief: "Show what is applied, what is pending and what went wrong",
  description:
    "Says of each migration of the folder, and of those that only the database knows, what became of it: who ran it, when, for how long, and why it failed. Changes nothing.",
  subject: { kind: "environment" },
  effect: "reads",
  flags: {
    pending: { brief: "Only what is not applied, or went wrong" },
    detailedExitCode: { brief: "End with 7 if nothing is pending" },
  },
  examples: ["migrations status production", "migrations status production --json"],
  async run(call) {
    const { flags, reporter, signal } = call;
    const environment = environmentName(call);
    const migrations = await (await migrationsOf(call)).status(signal);
    for (const migration of migrations)
      reporter.answer("migration", { ...migration, last: migration.last === null ? null : { ...migration.last } });
    const shown = flags.pending ? migrations.filter(({ state }) => wrong.includes(state) || waiting.includes(state)) : migrations;
    reporter.text([
      headline(environment, migrations),
      ...(shown.length === 0 ? [] : [""]),
      ...shown.flatMap((one) => rows(one, shown, reporter)),
    ]);
    const pending = migrations.some(({ state }) => waiting.includes(state));
    if (migrations.some(({ state }) => wrong.includes(state))) return { end: "success", next: [`migrations plan ${environment}`] };
    if (pending) return { end: "success", next: [`migrations plan ${environment}`, `migrations apply ${environment}`] };
    return { end: flags.detailedExitCode ? "nothing-to-do" : "success" };
  },
});

/** The answer of ten seconds. */
function headline(environment: string, migrations: readonly MigrationStatus[]): string {
  const inState = (states: readonly MigrationState[]): number => migrations.filter(({ state }) => states.includes(state)).length;
  const parts = [
    `${String(inState(["applied"]))} applied`,
    `${String(inState(waiting))} pending`,
    ...wrong.filter((state) => inState([state]) > 0).map((state) => `${String(inState([state]))} ${state}`),
    ...(inState(["ahead"]) > 0 ? [`${String(inState(["ahead"]))} not in this folder`] : []),
  ];
  return `${environment}: ${count(migrations.length, "migration")}, ${parts.join(", ")}.`;
}

function rows(migration: MigrationStatus, all: readonly MigrationStatus[], { style }: CommandReporter): readonly string[] {
  const { id, state, phase, last } = migration;
  const { good, bad, warning, waiting: pending } = style.marks;
  const mark = wrong.includes(state)
    ? style.bad(bad)
    : state === "applied"
      ? style.good(good)
      : state === "ahead"
        ? style.warning(warning)
        : pending;
  const wide = Math.max(...all.map((one) => one.id.length));
  const about = [phase, last === null || waiting.includes(state) ? null : lastWords(last)].filter((part) => part !== null);
  return [
    `  ${mark} ${id.padEnd(wide)}  ${state.padEnd(8)}  ${style.faint(about.join(", "))}`.trimEnd(),
    ...(last === null || last.failure === null || state === "applied" ? [] : [`      ${last.failure}`]),
  ];
}

function lastWords({ startedAt, duration, actor, deployment, runner }: NonNullable<MigrationStatus["last"]>): string {
  const moment = startedAt.replace("T", " ").replace(/\.\d+Z$/, "Z");
  const who = actor === null ? deployment : `${actor} (${deployment})`;
  return `${moment} by ${who} on ${runner}${duration === null ? "" : `, ${String(Math.round(duration))} ms`}`;
}
