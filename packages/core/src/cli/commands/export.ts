import { open, rename } from "node:fs/promises";
import { fail } from "../../errors/fairlead-error.js";
import { cliErrors } from "../cli-errors.js";
import { defineCommand } from "../command.js";
import { environmentOf } from "../subject.js";

interface ExportFlags {
  readonly out: string;
}

export const exportCommand = defineCommand<ExportFlags>({
  name: "export",
  brief: "Write the journal to a file that can be verified by itself",
  description: "Everything that was recorded and logged, one JSON line per event, with the hashes that chain them. Reads the store only.",
  subject: "environment",
  subjectBrief: "Its name; all where it is left out",
  effect: "reads",
  examples: ["export production --out journal.jsonl"],
  flags: {
    out: { kind: "parsed", parse: String, brief: "The file; one that is there is replaced when all is written", placeholder: "file" },
  },
  async run(session, { out }, subject) {
    const { deployer, output } = session;
    const environment = subject === undefined ? undefined : environmentOf(session, subject);
    const lines = await deployer.exportJournal(environment === undefined ? {} : { environment });
    const unfinished = `${out}.unfinished`;
    // For its owner alone: what the steps logged is in it.
    const file = await open(unfinished, "w", 0o600).catch(() => {
      throw fail(cliErrors, "CLI_USAGE_INVALID", { problem: `${out} cannot be written.`, help: session.typed("export --help") });
    });
    let written = 0;
    try {
      for await (const line of lines) {
        await file.write(`${line}\n`);
        written += 1;
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, out);
    output.record("export", { file: out, lines: written });
    output.text([`${String(written)} lines in ${out}.`]);
    return { exitCode: 0, next: [`verify --file ${out}`] };
  },
});
