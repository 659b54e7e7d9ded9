import type { DeploymentSummary } from "../../deployer/types.js";
import { formatMilliseconds } from "../../time/duration.js";
import { hasEnded } from "../../machine/index.js";
import type { Output } from "../output.js";
import type { Style } from "./style.js";
import { oneLine, wrap } from "./text.js";
import { stateWords, timeWords } from "./words.js";

/** The deployments of a page, the newest first. */
export function historyLines(deployments: readonly DeploymentSummary[], now: number, output: Output): readonly string[] {
  return deployments.flatMap((deployment) => summaryLines(deployment, now, output));
}

function summaryLines(deployment: DeploymentSummary, now: number, output: Output): readonly string[] {
  const { id, environment, kind, release, commit, actor, reason, createdAt, endedAt, error } = deployment;
  const { style } = output;
  const { mark, paint } = look(deployment, style);
  const took = endedAt === null ? "" : `, took ${formatMilliseconds(Date.parse(endedAt) - Date.parse(createdAt))}`;
  const origin = commit === null ? "" : ` (${commit.slice(0, 7)})`;
  const why = reason === null ? "" : `: ${oneLine(reason)}`;
  const [first = "", ...others] = wrap(`${id}  ${kind} ${environment}, ${stateWords(deployment)}`, output.width(), `${mark} `);
  return [
    first.replace(mark, paint),
    ...others,
    ...wrap(`${release}${origin} by ${oneLine(actor)}${why}`, output.width(), "    "),
    ...wrap(`${timeWords(createdAt, now)}${took}`, output.width(), "    ").map((line) => style.faint(line)),
    ...(error === null ? [] : wrap(oneLine(error), output.width(), "    ").map(paint)),
  ];
}

function look(
  { phase }: DeploymentSummary,
  { marks, good, bad, warning }: Style,
): { readonly mark: string; readonly paint: (text: string) => string } {
  if (phase === "succeeded") return { mark: marks.good, paint: good };
  if (!hasEnded(phase)) return { mark: marks.warning, paint: warning };
  return phase === "cancelled" || phase === "abandoned" ? { mark: marks.undone, paint: warning } : { mark: marks.bad, paint: bad };
}
