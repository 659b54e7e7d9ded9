import { createMigration } from "../new/create-migration.js";
import { defineMigrationCommand } from "./opened.js";

export const newCommand = defineMigrationCommand({
  name: "new",
  brief: "Write the files of a new migration",
  description:
    "Writes them behind all others of the folder, named and begun as the tool that the folder was made for would: a number or a moment, one file or two, or a folder. Never over a file that is there. Needs no environment and no database.",
  subject: { kind: "word", name: "name", brief: "What it does, in a few words: add-orders" },
  effect: "acts",
  untouched: "Nothing was written.",
  flags: { ts: { brief: "In TypeScript, for what SQL alone cannot say" } },
  examples: ["migrations new add-orders", "migrations new fill-totals --ts"],
  async run({ word = "", flags, settings, reporter, clock }) {
    const files = await createMigration(settings.migrations, word, { clock, code: flags.ts });
    reporter.answer("new", { files: [...files] });
    reporter.text(files);
    return { end: "success", next: ["migrations lint"] };
  },
});
