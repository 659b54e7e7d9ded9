import type { ServingFact } from "../../contract/deployment-events.js";
import type { DeploymentResult } from "../../deployer/types.js";
import { formatMilliseconds } from "../../time/duration.js";
import type { Output } from "../output.js";
import { attentionLines } from "./attention.js";
import { errorLines } from "./error.js";
import { oneLine, pad, widthOf, wrap } from "./text.js";

/** How a deployment ended, why, and what serves now. `byPeople`: whether one that never began had to wait for them. */
export function resultLines(
  result: DeploymentResult,
  { serving, byPeople }: { readonly serving: readonly ServingFact[]; readonly byPeople: boolean },
  output: Output,
): readonly string[] {
  const { style } = output;
  return [
    "",
    ...headline(result, byPeople, output),
    ...(result.error === null ? [] : errorLines(result.error, output, "  ")),
    ...(result.phase === "needs_attention" ? attentionLines(result.attention, output) : []),
    ...(serving.length === 0 ? [] : [style.faint("  serves now"), ...servingLines(serving, output)]),
  ];
}

type Tone = "good" | "warning" | "bad";

function headline(result: DeploymentResult, byPeople: boolean, output: Output): readonly string[] {
  const { style } = output;
  const [mark, tone, text] = (!byPeople && unmet[result.phase]) || headlines[result.phase](result, formatMilliseconds(result.duration));
  return wrap(oneLine(text), output.width(), `${style.marks[mark]} `).map((line) => style.strong(style[tone](line)));
}

type Headline = readonly [mark: "good" | "bad" | "undone" | "warning" | "waiting", tone: Tone, text: string];

const goesOn = ({ environment }: DeploymentResult): Headline => ["waiting", "warning", `Deployment to ${environment} goes on.`];
const failed = ({ failedStep }: DeploymentResult): string => (failedStep === null ? "It failed" : `${failedStep} failed`);

/** What became of one that nobody but another application kept from beginning. */
const unmet: Readonly<Partial<Record<DeploymentResult["phase"], Headline>>> = {
  rejected: ["bad", "bad", "Rejected: what it requires is not served. Nothing was done."],
  expired: ["bad", "bad", "Expired: what it requires was not served in time. Nothing was done."],
};

const headlines: Readonly<Record<DeploymentResult["phase"], (result: DeploymentResult, time: string) => Headline>> = {
  succeeded: ({ outcome, environment, release }, time) => {
    if (outcome === "unchanged") return ["good", "good", `Nothing to do: ${environment} serves this already.`];
    if (outcome === "adopted") return ["good", "good", `What serves ${environment} is release ${release} from now on.`];
    return ["good", "good", `${environment} serves ${release} (${time}).`];
  },
  rolled_back: (result, time) =>
    result.error === null
      ? ["undone", "warning", `Stopped as asked: everything that was begun has been taken back (${time}).`]
      : ["bad", "bad", `${failed(result)}: everything that was begun has been taken back (${time}).`],
  failed: (result, time) => ["bad", "bad", `${failed(result)} before anything was done (${time}).`],
  cancelled: (_, time) => ["undone", "warning", `Cancelled before anything was done (${time}).`],
  superseded: () => ["undone", "warning", "Superseded before it began: a newer deployment has its place."],
  rejected: () => ["bad", "bad", "Rejected: somebody who had to agree refused. Nothing was done."],
  expired: () => ["bad", "bad", "Expired: who had to agree did not in time. Nothing was done."],
  abandoned: ({ environment }) => ["warning", "warning", `Given up; ${environment} is free again. What serves was left as it is.`],
  needs_attention: ({ environment, attention }) => [
    "warning",
    "bad",
    `${environment} needs attention: ${attention?.reason ?? "it cannot go on by itself."}`,
  ],
  queued: ({ environment }) => ["waiting", "warning", `Waiting for its turn in ${environment}.`],
  awaiting_approval: ({ environment }) => ["waiting", "warning", `Waiting for approval before it begins in ${environment}.`],
  held: ({ environment }) => ["waiting", "warning", `Held: nothing may begin in ${environment} now.`],
  running: goesOn,
  rolling_back: goesOn,
};

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
