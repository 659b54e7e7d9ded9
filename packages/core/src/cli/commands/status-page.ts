import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fail } from "../../errors/fairlead-error.js";
import { toStatusFiles } from "../../status/files.js";
import type { StatusSnapshot } from "../../status/snapshot.js";
import { cliErrors } from "../cli-errors.js";
import { defineCommand } from "../command.js";
import { oneLine } from "../render/text.js";
import { environmentOf } from "../subject.js";
import { environmentBrief, textFlag } from "./shared-flags.js";

interface StatusPageFlags {
  readonly export?: string;
  readonly out?: string;
}

/** Where `status-page export` writes to by itself. */
const defaultFolder = "status-page";

export const statusPageCommand = defineCommand<StatusPageFlags>({
  name: "status-page",
  brief: "Show what the status page says, or write it to a folder",
  description:
    "With --export, or as `status-page export --out <folder>` where there is one environment, it writes the page, the documents of the Statuspage API and the feeds as files, for a bucket or a Pages site that is there when the application is not. Reads the store only.",
  subject: "environment",
  subjectBrief: environmentBrief,
  effect: "reads",
  examples: ["status-page production", "status-page production --export public", "status-page export --out public"],
  flags: {
    export: textFlag("The folder; files that are there are replaced", "folder"),
    out: textFlag("The same as --export", "folder"),
  },
  async run(session, { export: exported, out = exported }, subject) {
    const { deployer, output } = session;
    // The word `export` is no environment, unless one is called so.
    const isExport = subject === "export" && !deployer.environments.includes(subject);
    const environment = environmentOf(session, isExport ? undefined : subject);
    const folder = out ?? (isExport ? defaultFolder : undefined);
    const snapshot = await (await deployer.statusPage(environment)).read();
    const files = folder === undefined ? null : await write(snapshot, folder, session.typed("status-page --help"));
    const { rollUp, updatedAt, components } = snapshot;
    output.record("page", {
      environment,
      status: rollUp.status,
      description: rollUp.description,
      updatedAt,
      components: components.map(({ name, status }) => ({ name, status })),
      folder: folder ?? null,
      files,
    });
    output.text([
      `${output.style.strong(rollUp.description)}  as of ${updatedAt}`,
      ...components.map(({ title, status }) => `  ${oneLine(title)}: ${status.replaceAll("_", " ")}`),
      ...(files === null ? [] : [`${String(files)} files in ${folder ?? ""}.`]),
    ]);
    return { exitCode: 0 };
  },
});

/** Whoever serves the folder meanwhile serves each file whole. */
async function write(snapshot: StatusSnapshot, folder: string, help: string): Promise<number> {
  const files = Object.entries(toStatusFiles(snapshot));
  try {
    for (const [path, content] of files) {
      const file = join(folder, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(`${file}.unfinished`, content);
      await rename(`${file}.unfinished`, file);
    }
  } catch (cause) {
    throw fail(cliErrors, "CLI_USAGE_INVALID", { problem: `${folder} cannot be written.`, help }, { cause });
  }
  return files.length;
}
