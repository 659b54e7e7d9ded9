import { fail } from "@fairlead/core";
import { toDiffText } from "../diff/render-diff.js";
import { createMigration } from "../new/create-migration.js";
import { postgresErrors } from "../postgres-errors.js";
import { asJson } from "./as-json.js";
import { defineMigrationCommand, environmentName, migrationsOf } from "./opened.js";

export const diffCommand = defineMigrationCommand({
  name: "diff",
  brief: "Show as SQL what one schema has that another has not",
  description:
    "Says what makes one schema of another, as SQL, with what is to be thought of above each statement: the locks, what is written anew, data that is lost. From what all migrations of the folder make, on a scratch database, to the database of the environment, if nothing else is said. Either side is `folder`, `database`, or the address of another database. The SQL is tried on a scratch database, and never on a real one. Needs @supabase/pg-delta.",
  subject: { kind: "environment" },
  effect: "reads",
  flags: {
    from: { brief: "What it begins with; folder if not said", value: "folder|database|address" },
    to: { brief: "What it is to make; database if not said", value: "folder|database|address" },
    output: { brief: "Write it as a new migration of this name", value: "name" },
    detailedExitCode: { brief: "End with 7 if both are alike" },
  },
  examples: [
    "migrations diff production",
    "migrations diff production --output as-in-production",
    "migrations diff staging --from database --to folder",
  ],
  async run(call) {
    const { flags, reporter, signal, settings, clock } = call;
    const { from = "folder", to = "database", output } = flags;
    if (output !== undefined && to === "folder") throw fail(postgresErrors, "POSTGRES_DIFF_TO_FOLDER", {});
    const diff = await (await migrationsOf(call)).diff({ from, to }, signal);
    reporter.answer("diff", asJson(diff));
    reporter.text(toDiffText(diff).split("\n"));
    const isEmpty = diff.statements.length === 0 && diff.proof === "proved";
    if (isEmpty) return { end: flags.detailedExitCode ? "nothing-to-do" : "success" };
    if (output === undefined) return { end: diff.proof === "wrong" ? "error" : "success" };
    if (diff.proof === "wrong") throw fail(postgresErrors, "POSTGRES_DIFF_WRONG", { problem: diff.problem ?? "" });
    if (from === "folder" && to === "database" && diff.pending.length > 0)
      throw fail(postgresErrors, "POSTGRES_DIFF_PENDING", { migrations: [...diff.pending] });
    const files = await createMigration(settings.migrations, output, { clock, code: false, text: diff.sql });
    reporter.answer("new", { files: [...files] });
    reporter.text(["", ...files.map((file) => `-- written to ${file}`)]);
    return { end: "success", next: ["migrations lint", `migrations plan ${environmentName(call)}`] };
  },
});
