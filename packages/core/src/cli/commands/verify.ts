import { open } from "node:fs/promises";
import { fail } from "../../errors/fairlead-error.js";
import { verifyExport, type JournalReport } from "../../journal/index.js";
import { cliErrors } from "../cli-errors.js";
import { defineCommand } from "../command.js";
import { count } from "../render/words.js";
import { environmentOf } from "../subject.js";

interface VerifyFlags {
  readonly file?: string;
}

export const verifyCommand = defineCommand<VerifyFlags>({
  name: "verify",
  brief: "Prove that a journal is as it was written",
  description: "Follows the chain of hashes through the store, or through a file that `export` has written. Changes nothing.",
  subject: "environment",
  subjectBrief: "Its name; all where it is left out",
  effect: "reads",
  examples: ["verify", "verify production", "verify --file journal.jsonl"],
  flags: { file: { kind: "parsed", parse: String, brief: "A file instead of the store", placeholder: "file", optional: true } },
  async run(session, { file }, subject) {
    const { deployer, output } = session;
    const environment = subject === undefined ? undefined : environmentOf(session, subject);
    const report =
      file === undefined
        ? await deployer.verifyJournal(environment === undefined ? {} : { environment })
        : await verifyFile(file, session.typed("verify --help"));
    output.record("verification", { file: file ?? null, report });
    const { problems, events, streams } = report;
    const { marks } = output.style;
    output.text([
      ...problems.map(({ stream, message }) => `  ${marks.bad} ${stream === "" ? "" : `${stream}: `}${message}`),
      problems.length === 0
        ? `${marks.good} ${count(events, "event")} in ${count(streams, "journal")}, all as they were written.`
        : `${count(problems.length, "problem")} in ${count(events, "event")} of ${count(streams, "journal")}.`,
    ]);
    return { exitCode: problems.length === 0 ? 0 : 1, next: [] };
  },
});

async function verifyFile(path: string, help: string): Promise<JournalReport> {
  const file = await open(path).catch(() => {
    throw fail(cliErrors, "CLI_USAGE_INVALID", { problem: `${path} cannot be read.`, help });
  });
  try {
    return await verifyExport(file.readLines());
  } finally {
    await file.close();
  }
}
