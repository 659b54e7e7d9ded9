import type { ComponentStatus, DeploymentSummary, EnvironmentStatus } from "../../deployer/types.js";
import { formatMilliseconds } from "../../time/duration.js";
import type { Output } from "../output.js";
import { oneLine, pad, widthOf, wrap } from "./text.js";
import { count, releaseWords, stateWords, timeWords } from "./words.js";

/** What serves, held against the journal, and what is under way. */
export function statusLines(status: EnvironmentStatus, application: string, now: number, output: Output): readonly string[] {
  const { style } = output;
  const { release, components, running, last, deadLetters } = status;
  const width = output.width();
  const nameWidth = Math.max(0, ...components.map(({ component }) => widthOf(component)));
  return [
    style.strong(`${application}: ${status.environment}`),
    ...(release === null
      ? wrap("nothing has been deployed yet", width, "  ")
      : wrap(`${releaseWords(release.release)}, since ${timeWords(release.at, now)}`, width, "  release   ")),
    ...components.flatMap((component) => componentLines(component, nameWidth, output)),
    ...(running === null
      ? []
      : wrap(
          `${running.deploymentId}, ${stateWords({ phase: running.phase, outcome: null })}, driven by ${running.holder ?? "nobody"}, for ${formatMilliseconds(Math.max(0, now - Date.parse(running.since)))}`,
          width,
          "  under way ",
        ).map((line) => style.warning(line))),
    ...(last === null ? [] : wrap(lastWords(last, now), width, "  last      ")),
    ...(deadLetters.length === 0
      ? []
      : wrap(
          `${count(deadLetters.length, "message")} could not be delivered: ${[...new Set(deadLetters.map(({ channel }) => channel))].join(", ")}`,
          width,
          `${style.marks.warning} `,
        ).map((line) => style.warning(line))),
  ];
}

function componentLines(
  { component, target, serving, expected, drifted }: ComponentStatus,
  nameWidth: number,
  output: Output,
): readonly string[] {
  const { style } = output;
  const unknown = serving.candidate === null && !drifted && expected !== null;
  const mark = drifted || unknown ? style.marks.warning : expected === null ? style.marks.waiting : style.marks.good;
  const what = drifted
    ? `serves ${serving.candidate ?? "nothing"}, but the journal says ${expected ?? "nothing"}: something else has deployed`
    : serving.candidate === null
      ? "serves nothing that is known"
      : `serves ${serving.candidate}`;
  const note = serving.note === null ? "" : ` (${serving.note})`;
  const paint = drifted || unknown ? style.warning : (text: string): string => text;
  return wrap(oneLine(`${what} at ${target}${note}`), output.width(), `  ${mark} ${pad(component, nameWidth)}  `).map(paint);
}

function lastWords({ id, kind, phase, outcome, createdAt, actor, reason }: DeploymentSummary, now: number): string {
  const why = reason === null ? "" : `: ${oneLine(reason)}`;
  return `${id}, ${kind} ${stateWords({ phase, outcome: outcome })}, ${timeWords(createdAt, now)}, by ${oneLine(actor)}${why}`;
}
