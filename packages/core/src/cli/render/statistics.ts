import type { HistoryStatistics } from "../../deployer/types.js";
import type { EnvironmentStatistics, Spread } from "../../history/index.js";
import { lengthOf } from "../../history/words.js";
import type { Output } from "../output.js";
import { oneLine, pad, wrap } from "./text.js";
import { count } from "./words.js";

/** What the deployments of a period come to, of each environment. */
export function statisticsLines({ since, environments, pruned }: HistoryStatistics, output: Output): readonly string[] {
  return [
    ...environments.flatMap((environment) => ["", ...environmentLines(environment, since.slice(0, 10), output)]),
    ...pruned.flatMap(({ environment, deployments, until }) => [
      "",
      `${count(deployments, "deployment")} of ${environment} up to ${until.slice(0, 10)} were removed: the numbers of it are of the others alone.`,
    ]),
  ];
}

function environmentLines(of: EnvironmentStatistics, since: string, { style, width }: Output): readonly string[] {
  const { environment, timeToRollback, changeFailureRate } = of;
  const rows: readonly (readonly [string, string])[] = [
    [
      "success",
      of.successRate === null
        ? "nothing to tell from"
        : `${shareWords(of.successRate)} (${String(of.succeeded)} of ${String(of.succeeded + of.failed)})`,
    ],
    [
      "duration",
      spreadWords(
        of.duration,
        `without waiting${of.waiting.p90 === null || of.waiting.p90 === 0 ? "" : `; waiting: ${spreadWords(of.waiting)}`}`,
      ),
    ],
    [
      "rollback",
      timeToRollback.count === 0
        ? "none"
        : `what served before served again: ${spreadWords(timeToRollback)}, of ${String(timeToRollback.count)}`,
    ],
    ["change failures", changeFailureRate === null ? "nothing to tell from" : shareWords(changeFailureRate)],
    ["frequency", `${of.perWeek.toFixed(1)} a week`],
    ["others", othersWords(of)],
  ];
  return [
    style.strong(`${environment} since ${since}: ${count(of.deployments, "deployment")}`),
    ...rows.filter(([, text]) => text !== "").flatMap(([name, text]) => wrap(oneLine(text), width(), `  ${pad(name, 15)}  `)),
  ];
}

function othersWords({ stopped, rollbacks, neverBegan, open }: EnvironmentStatistics): string {
  const parts: readonly (readonly [number, string])[] = [
    [stopped, "stopped by a person"],
    [rollbacks, "rollbacks to an earlier release"],
    [neverBegan, "that never began or had nothing to do"],
    [open, "not ended yet"],
  ];
  return parts.flatMap(([amount, what]) => (amount === 0 ? [] : [`${String(amount)} ${what}`])).join(", ");
}

function spreadWords({ median, p90 }: Spread, more = ""): string {
  if (median === null || p90 === null) return "nothing to tell from";
  return `median ${lengthOf(median)}, nine of ten at most ${lengthOf(p90)}${more === "" ? "" : `, ${more}`}`;
}

function shareWords(share: number): string {
  return `${(share * 100).toFixed(share === 0 || share === 1 ? 0 : 1)} %`;
}
