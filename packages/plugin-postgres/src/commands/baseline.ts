import { isAgreed } from "./agreed.js";
import { count, defineMigrationCommand, environmentName, migrationsOf } from "./opened.js";

export const baselineCommand = defineMigrationCommand({
  name: "baseline",
  brief: "Count migrations as applied without running them",
  description:
    "For a database that has what they make already: counts all migrations up to the named one as applied. Asks before, or is told with --yes. Refused where one of them has begun and not ended.",
  subject: { kind: "environment" },
  effect: "acts",
  untouched: "Nothing was written down.",
  flags: { to: { brief: "The last one that the database has", value: "name" }, yes: { brief: "Do not ask" } },
  examples: ["migrations baseline production --to 0042_orders"],
  async run(call) {
    const { flags, reporter, signal } = call;
    const environment = environmentName(call);
    if (flags.to === undefined) {
      reporter.problem(["Say up to which: --to <name>."]);
      return { end: "refused", next: [`migrations status ${environment}`] };
    }
    const migrations = await migrationsOf(call);
    if (!(await isAgreed(call, `All migrations up to ${flags.to} count as applied in ${environment} and never run there.`)))
      return { end: "refused" };
    const counted = await migrations.baseline(flags.to, signal);
    reporter.answer("baseline", { migrations: [...counted] });
    reporter.text([
      `${environment}: ${count(counted.length, "migration")} more ${counted.length === 1 ? "counts" : "count"} as applied.`,
      ...counted.map((id) => `  ${id}`),
    ]);
    return { end: "success", next: [`migrations status ${environment}`] };
  },
});
