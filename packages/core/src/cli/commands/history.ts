import { fail } from "../../errors/fairlead-error.js";
import type { Duration } from "../../time/duration.js";
import { cliErrors } from "../cli-errors.js";
import { defineCommand } from "../command.js";
import { historyLines } from "../render/history.js";
import { statisticsLines } from "../render/statistics.js";
import { environmentOf } from "../subject.js";
import { toDuration } from "./duration-flag.js";

interface HistoryFlags {
  readonly limit: number;
  readonly since: Duration;
}

export const historyCommand = defineCommand<HistoryFlags>({
  name: "history",
  brief: "Show deployments, the newest first, and what they come to",
  description: "Reads the journal only. Below the deployments stands what those of a period come to, of each environment.",
  subject: "environment",
  subjectBrief: "Its name; all where it is left out",
  effect: "reads",
  examples: ["history", "history production --limit 5 --since 90d"],
  flags: {
    limit: { kind: "parsed", parse: toLimit, brief: "How many, at most 1000", placeholder: "number", default: "20" },
    since: { kind: "parsed", parse: toDuration, brief: "Of which period the numbers are", placeholder: "duration", default: "30d" },
  },
  async run(session, { limit, since }, subject) {
    const { deployer, output, clock } = session;
    const environment = subject === undefined ? undefined : environmentOf(session, subject);
    const where = environment === undefined ? {} : { environment };
    const { items, next } = await deployer.history({ limit, ...where });
    for (const deployment of items) output.record("deployment", { deployment });
    const statistics = await deployer.statistics({ since, ...where });
    output.record("statistics", { statistics });
    output.text(
      items.length === 0
        ? ["Nothing has been deployed yet."]
        : [
            ...historyLines(items, clock.now(), output),
            ...(next === undefined ? [] : ["… and earlier ones: raise --limit"]),
            ...statisticsLines(statistics, output),
          ],
    );
    return { exitCode: 0, next: items[0] === undefined ? [] : [`explain ${items[0].id}`] };
  },
});

function toLimit(input: string): number {
  const limit = Number(input);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 1_000) return limit;
  throw fail(cliErrors, "CLI_USAGE_INVALID", { problem: "It is a number from 1 to 1000.", help: "--help" });
}
