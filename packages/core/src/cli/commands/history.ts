import { fail } from "../../errors/fairlead-error.js";
import { cliErrors } from "../cli-errors.js";
import { defineCommand } from "../command.js";
import { historyLines } from "../render/history.js";
import { environmentOf } from "../subject.js";

interface HistoryFlags {
  readonly limit: number;
}

export const historyCommand = defineCommand<HistoryFlags>({
  name: "history",
  brief: "Show deployments, the newest first",
  description: "Reads the journal only.",
  subject: "environment",
  subjectBrief: "Its name; all where it is left out",
  effect: "reads",
  examples: ["history", "history production --limit 5"],
  flags: {
    limit: { kind: "parsed", parse: toLimit, brief: "How many, at most 1000", placeholder: "number", default: "20" },
  },
  async run(session, { limit }, subject) {
    const { deployer, output, clock } = session;
    const environment = subject === undefined ? undefined : environmentOf(session, subject);
    const { items, next } = await deployer.history({ limit, ...(environment === undefined ? {} : { environment }) });
    for (const deployment of items) output.record("deployment", { deployment });
    output.text(
      items.length === 0
        ? ["Nothing has been deployed yet."]
        : [...historyLines(items, clock.now(), output), ...(next === undefined ? [] : ["… and earlier ones: raise --limit"])],
    );
    return { exitCode: 0, next: items[0] === undefined ? [] : [`logs ${items[0].id}`] };
  },
});

function toLimit(input: string): number {
  const limit = Number(input);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 1_000) return limit;
  throw fail(cliErrors, "CLI_USAGE_INVALID", { problem: "It is a number from 1 to 1000.", help: "--help" });
}
