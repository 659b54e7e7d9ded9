import * as z from "zod";
import type { Migrations } from "../migrations/open-migrations.js";
import type { KeptWayBack } from "../migrator/ways-back.js";
import { loadParser } from "../sql/parser.js";
import { isWanted } from "./agreed.js";
import { count, defineMigrationCommand, environmentName, migrationsOf } from "./opened.js";

export const downCommand = defineMigrationCommand({
  name: "down",
  brief: "Take migrations back; what they hold is lost",
  description:
    "Takes migrations back, newest first, with the way back that was kept when they were applied. Shows it and asks before, or is told with --yes. In production that is a decision of its own: --accept-loss-in names the environment, and --yes does not stand for it.",
  subject: { kind: "environment" },
  effect: "acts",
  untouched: "Nothing was taken back.",
  flags: {
    migration: { brief: "Its name; may be given several times", value: "name", many: true },
    last: {
      brief: "The last so many, as they were applied",
      value: "number",
      schema: z.coerce.number("It is a number.").int("It is a whole number.").min(1, "It is at least 1."),
    },
    yes: { brief: "Do not ask" },
    acceptLossIn: { brief: "In production: the environment in which data may be lost", value: "environment" },
  },
  examples: ["migrations down staging --last 1", "migrations down production --migration 3_totals --accept-loss-in production"],
  async run(call) {
    const { flags, reporter, signal } = call;
    const environment = environmentName(call);
    const migrations = await migrationsOf(call);
    const ids = await chosen(migrations, flags, signal);
    if (ids.length === 0) {
      reporter.problem(["Say which: --migration <name>, or --last <number>."]);
      return { end: "refused", next: [`migrations status ${environment}`] };
    }
    const ways = await migrations.waysBack(ids, signal);
    reporter.text([`${environment}: ${count(ways.length, "migration")} to take back, newest first:`, ...(await linesOf(ways))]);
    if (!(await isDecided(call, environment))) return { end: "refused" };
    const { applied } = await migrations.down(ids, signal);
    reporter.answer("reverted", { migrations: applied.map((one) => ({ ...one })) });
    reporter.text([`${environment}: ${count(applied.length, "migration")} taken back.`]);
    return { end: "success", next: [`migrations status ${environment}`] };
  },
});

async function chosen(
  migrations: Migrations,
  { migration, last }: { readonly migration: readonly string[]; readonly last: number | undefined },
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (last === undefined) return migration;
  const applied = (await migrations.status(signal)).filter(({ state }) => state === "applied" || state === "edited" || state === "ahead");
  const byTime = applied.sort((one, other) => (one.last?.startedAt ?? "").localeCompare(other.last?.startedAt ?? ""));
  return [...new Set([...migration, ...byTime.slice(-last).map(({ id }) => id)])];
}

async function linesOf(ways: readonly KeptWayBack[]): Promise<readonly string[]> {
  const parser = await loadParser();
  return ways.flatMap(({ id, down }) => {
    if (down === null) return [`  ${id}`, "      what its `down` does, which is code"];
    const script = parser.read(down);
    const statements = "problem" in script ? down.trim().split("\n") : script.statements.map(({ text }) => text.replaceAll(/\s+/g, " "));
    return [`  ${id}`, ...statements.map((statement) => `      ${statement}`)];
  });
}

async function isDecided(
  { environment: about, flags, reporter }: Parameters<typeof downCommand.run>[0],
  environment: string,
): Promise<boolean> {
  const { yes, acceptLossIn } = flags as { readonly yes: boolean; readonly acceptLossIn: string | undefined };
  if (about?.kind === "production") {
    if (acceptLossIn === environment) return true;
    reporter.problem([
      `Nothing was taken back: ${environment} is production. Say that its data may be lost: --accept-loss-in ${environment}.`,
    ]);
    return false;
  }
  if (yes || acceptLossIn === environment) return true;
  return isWanted(reporter, "What they hold is lost. Take them back?", ["Nothing was taken back: give --yes where nobody can be asked."]);
}
