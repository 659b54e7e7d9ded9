import type { ServingFact } from "../../contract/deployment-events.js";
import type { DeploymentResult } from "../../deployer/types.js";
import { formatMilliseconds } from "../../time/duration.js";
import type { Output } from "../output.js";
import { attentionLines } from "./attention.js";
import { errorLines } from "./error.js";
import { oneLine, pad, widthOf, wrap } from "./text.js";

/** How a deployment ended, why, and what serves now. */
export function resultLines(result: DeploymentResult, serving: readonly ServingFact[], output: Output): readonly string[] {
  const { style } = output;
  return [
    "",
    ...headline(result, output),
    ...(result.error === null ? [] : errorLines(result.error, output, "  ")),
    ...(result.phase === "needs_attention" ? attentionLines(result.attention, output) : []),
    ...(serving.length === 0 ? [] : [style.faint("  serves now"), ...servingLines(serving, output)]),
  ];
}

function headline(
  { phase, outcome, environment, release, error, failedStep, attention, duration }: DeploymentResult,
  output: Output,
): readonly string[] {
  const { style } = output;
  const { marks } = style;
  const time = formatMilliseconds(duration);
  const say = (mark: string, paint: (text: string) => string, text: string): readonly string[] =>
    wrap(oneLine(text), output.width(), `${mark} `).map((line) => style.strong(paint(line)));
  const failed = failedStep === null ? "It failed" : `${failedStep} failed`;
  switch (phase) {
    case "succeeded":
      if (outcome === "unchanged") return say(marks.good, style.good, `Nothing to do: ${environment} serves this already.`);
      if (outcome === "adopted") return say(marks.good, style.good, `What serves ${environment} is release ${release} from now on.`);
      return say(marks.good, style.good, `${environment} serves ${release} (${time}).`);
    case "rolled_back":
      return error === null
        ? say(marks.undone, style.warning, `Stopped as asked: everything that was begun has been taken back (${time}).`)
        : say(marks.bad, style.bad, `${failed}: everything that was begun has been taken back (${time}).`);
    case "failed":
      return say(marks.bad, style.bad, `${failed} before anything was done (${time}).`);
    case "cancelled":
      return say(marks.undone, style.warning, `Cancelled before anything was done (${time}).`);
    case "abandoned":
      return say(marks.warning, style.warning, `Given up; ${environment} is free again. What serves was left as it is.`);
    case "needs_attention":
      return say(marks.warning, style.bad, `${environment} needs attention: ${attention?.reason ?? "it cannot go on by itself."}`);
    case "running":
    case "rolling_back":
      return say(marks.waiting, style.warning, `Deployment to ${environment} goes on.`);
  }
}

function servingLines(serving: readonly ServingFact[], output: Output): readonly string[] {
  const nameWidth = Math.max(0, ...serving.map(({ component }) => widthOf(component)));
  return serving.flatMap(({ component, known, candidate, release, note }) => {
    const what =
      candidate === null
        ? known
          ? "nothing"
          : "not known"
        : release === null
          ? `${candidate}, of a release that is not known`
          : `${release} as ${candidate}`;
    return wrap(oneLine(`${what}${note === null ? "" : ` (${note})`}`), output.width(), `    ${pad(component, nameWidth)}  `);
  });
}
