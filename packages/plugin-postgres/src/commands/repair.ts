import { isAgreed } from "./agreed.js";
import { count, defineMigrationCommand, environmentName, migrationsOf } from "./opened.js";

export const repairCommand = defineMigrationCommand({
  name: "repair",
  brief: "Mend invalid indexes, and write down what a person has decided",
  description:
    "Makes indexes anew that were left invalid. With the flags it changes what is written down, as somebody who has looked says it is; that asks before, or is told with --yes.",
  subject: { kind: "environment" },
  effect: "acts",
  untouched: "Nothing was mended.",
  flags: {
    edited: { brief: "Its file has another text than what was applied, and that counts", value: "name", many: true },
    applied: { brief: "All of it is in effect", value: "name", many: true },
    failed: { brief: "Nothing of it is in effect: it runs again", value: "name", many: true },
    yes: { brief: "Do not ask" },
  },
  examples: ["migrations repair production", "migrations repair production --failed 3_totals"],
  async run(call) {
    const { flags, reporter, signal } = call;
    const environment = environmentName(call);
    const { edited, applied, failed } = flags;
    const decided = [
      ...edited.map((id) => `${id} counts as its file is now.`),
      ...applied.map((id) => `${id} counts as applied.`),
      ...failed.map((id) => `${id} counts as not applied and runs again.`),
    ];
    if (decided.length > 0 && !(await isAgreed(call, decided.join(" ")))) return { end: "refused" };
    const repaired = await (await migrationsOf(call)).repair({ edited, applied, failed }, signal);
    reporter.answer("repaired", { migrations: [...repaired.migrations], indexes: [...repaired.indexes] });
    reporter.text([
      `${environment}: ${count(repaired.indexes.length, "index").replace(/indexs$/, "indexes")} mended, ${count(repaired.migrations.length, "entry").replace(/entrys$/, "entries")} changed.`,
      ...[...repaired.indexes, ...repaired.migrations].map((name) => `  ${name}`),
    ]);
    return { end: "success", next: [`migrations status ${environment}`] };
  },
});
