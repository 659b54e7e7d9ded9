import { mkdir, open, rename } from "node:fs/promises";
import { join } from "node:path";
import type { PrunedEnvironment } from "../../deployer/types.js";
import { fail } from "../../errors/fairlead-error.js";
import { verifyExport } from "../../journal/index.js";
import type { Duration } from "../../time/duration.js";
import { findActor } from "../actor.js";
import { cliErrors } from "../cli-errors.js";
import { defineCommand } from "../command.js";
import { count } from "../render/words.js";
import { environmentOf } from "../subject.js";
import { toDuration } from "./duration-flag.js";
import { actorFlags, type ActorFlags } from "./shared-flags.js";

interface PruneFlags extends ActorFlags {
  readonly olderThan?: Duration;
  readonly keep?: number;
  readonly export?: string;
  readonly dryRun?: boolean;
}

export const pruneCommand = defineCommand<PruneFlags>({
  name: "prune",
  brief: "Remove old deployments from the journal",
  description:
    "Removes what was recorded and logged of deployments that ended long ago. Never what has not ended, what serves, what a rollback may put back, or why an environment is pinned. Who did it is recorded.",
  subject: "environment",
  subjectBrief: "Its name; all where it is left out, also those that are no longer configured",
  effect: "acts",
  untouched: "Nothing was removed.",
  examples: ["prune --older-than 90d --dry-run", "prune production --older-than 365d --keep 200 --export archive"],
  flags: {
    ...actorFlags,
    olderThan: {
      kind: "parsed",
      parse: toDuration,
      brief: "How long ago they ended; else what the configuration says",
      placeholder: "duration",
      optional: true,
    },
    keep: {
      kind: "parsed",
      parse: toNumber,
      brief: "How many of the newest stay, however old; else 50",
      placeholder: "number",
      optional: true,
    },
    export: {
      kind: "parsed",
      parse: String,
      brief: "A folder: each environment's are written to a file there and proved before any is removed",
      placeholder: "folder",
      optional: true,
    },
    dryRun: { kind: "boolean", brief: "Only say what would be removed", optional: true, withNegated: false },
  },
  async run(session, { olderThan, keep, export: folder, dryRun = false, reason, actor: given }, subject) {
    const { deployer, output } = session;
    const files: string[] = [];
    const { environments } = await deployer.prune({
      dryRun,
      actor: await findActor(given, session.env),
      ...(subject === undefined ? {} : { environment: environmentOf(session, subject) }),
      ...(olderThan === undefined ? {} : { olderThan }),
      ...(keep === undefined ? {} : { keep }),
      ...(reason === undefined ? {} : { reason }),
      ...(folder === undefined
        ? {}
        : {
            archive: async (lines, about) => void files.push(await writeProved(join(folder, nameOf(deployer.application, about)), lines)),
          }),
    });
    const found = environments.filter(({ deployments }) => deployments > 0);
    output.record("prune", { removed: !dryRun, environments: found, files });
    output.text([
      ...found.map(({ environment, deployments, from, until }) => {
        const what = `${count(deployments, "deployment")} of ${environment}, from ${day(from)} to ${day(until)}`;
        return dryRun ? `${what}: would be removed.` : `${what}: removed.`;
      }),
      ...(found.length === 0 ? ["Nothing is that old, or all of it is still needed."] : []),
      ...files.map((file) => `Written to ${file}.`),
    ]);
    return { exitCode: 0, next: files.map((file) => `verify --file ${file}`) };
  },
});

function day(time: string | null): string {
  return time?.slice(0, 10) ?? "";
}

/** Names that sort by time, and that another pruning does not take again. */
function nameOf(application: string, { environment, from, until }: PrunedEnvironment): string {
  const times = [from, until].map((time) => (time ?? "").replaceAll(/[:.]/g, "-"));
  return `${[application, environment.replaceAll("/", "-"), ...times].join("_")}.jsonl`;
}

/** On the disk, and read back from it, before it has its name. */
async function writeProved(path: string, lines: AsyncIterable<string>): Promise<string> {
  const unfinished = `${path}.unfinished`;
  const refused = (problem: string): Error => fail(cliErrors, "CLI_USAGE_INVALID", { problem, help: "--help" });
  await mkdir(join(path, ".."), { recursive: true, mode: 0o700 });
  // For its owner alone: what the steps logged is in it.
  const file = await open(unfinished, "w+", 0o600).catch(() => {
    throw refused(`${path} cannot be written.`);
  });
  try {
    for await (const line of lines) await file.write(`${line}\n`);
    await file.sync();
    const { problems } = await verifyExport(file.readLines({ start: 0, autoClose: false }));
    const [problem] = problems;
    if (problem !== undefined) throw refused(`${path} does not verify: ${problem.stream} ${problem.message}`);
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
  return path;
}

function toNumber(input: string): number {
  const number = Number(input);
  if (Number.isInteger(number) && number >= 0) return number;
  throw fail(cliErrors, "CLI_USAGE_INVALID", { problem: "It is a whole number.", help: "--help" });
}
