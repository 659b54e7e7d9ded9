import type { ExplainedStep, ExplainedWait, Explanation, StepFate } from "../../history/index.js";
import { lengthOf, sentence } from "../../history/words.js";
import type { Output } from "../output.js";
import type { Style } from "./style.js";
import { fit, oneLine, pad, widthOf, wrap } from "./text.js";
import { stateWords } from "./words.js";

/** A deployment told from its beginning to what can be done now. */
export function explanationLines(explanation: Explanation, output: Output, typed: (command: string) => string): readonly string[] {
  const { deploymentId, application, environment, kind, summary, beginning, createdAt, verdict, failures, takenBack, serving } =
    explanation;
  const { style, width } = output;
  const told = (text: string, first = "  "): readonly string[] => wrap(oneLine(text), width(), first);
  const section = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : ["", style.strong(title), ...lines];
  return [
    style.strong(`${application}: ${deploymentId}, ${kind} ${environment}, ${stateWords(explanation)}`),
    ...told(summary),
    ...section("How it began", [...told(`At ${momentOf(createdAt)}: ${beginning}`), ...told(durationWords(explanation))]),
    ...section(
      "What it waited for",
      explanation.waits.flatMap((wait) => told(waitWords(wait))),
    ),
    ...section("What each step did", stepLines(explanation.steps, output)),
    ...section(
      "What went wrong",
      failures.flatMap((text) => told(text)),
    ),
    ...section("The verdict", [
      ...(verdict.evidence.length === 0 && verdict.good === null ? [] : told(verdictWords(verdict.good))),
      ...verdict.evidence.flatMap((text) => told(text, "    ")),
    ]),
    ...section(
      "What was taken back",
      takenBack.flatMap((text) => told(text)),
    ),
    ...section("What serves now", told(serving)),
    ...section("What can be done", optionLines(explanation.options, output, typed)),
  ];
}

function durationWords({ endedAt, duration: { total, working, waited } }: Explanation): string {
  const took = endedAt === null ? `So far it has taken ${lengthOf(total)}` : `It took ${lengthOf(total)}`;
  const whole = Object.values(waited).reduce((sum, time) => sum + time, 0);
  return sentence(whole === 0 ? took : `${took}: ${lengthOf(working)} of work, and ${lengthOf(whole)} of waiting`);
}

function waitWords({ what, said, took, to, from }: ExplainedWait): string {
  const length = to === null ? `Since ${momentOf(from)}` : lengthOf(took);
  return sentence(`${length} for ${what.replace(/[.\s]+$/, "")}${said.length === 0 ? "" : ` (${said.join("; ")})`}`);
}

function verdictWords(good: boolean | null): string {
  if (good === null) return "Nothing was decided about the release; what is known of it:";
  return good ? "The release was found to be good:" : "It was found not to be good:";
}

const fateWords: Readonly<Record<StepFate, string>> = {
  done: "done",
  "taken-back": "taken back",
  stays: "done, stays",
  failed: "failed",
  stopped: "stopped",
  "not-taken-back": "not taken back",
  waiting: "waits",
  running: "runs",
  unknown: "not known",
  "not-begun": "not begun",
};

function stepLines(steps: readonly ExplainedStep[], { style, width }: Output): readonly string[] {
  const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(widthOf));
  const ids = Math.min(28, widest(steps.map(({ id }) => id)));
  const fates = widest(steps.map(({ fate }) => fateWords[fate]));
  const times = widest(steps.map(timeOf));
  return steps.flatMap((step) => {
    const { mark, paint } = look(step.fate, style);
    const first = `  ${mark} ${pad(fit(step.id, ids), ids)}  ${pad(fateWords[step.fate], fates)}  ${timeOf(step).padStart(times)}  `;
    const tries = step.attempts > 1 ? ` (${String(step.attempts)} attempts)` : "";
    const [line = "", ...others] = wrap(oneLine(`${step.description}${tries}`), width(), first);
    return [line.replace(mark, paint), ...others];
  });
}

function timeOf({ took }: ExplainedStep): string {
  return took === null ? "" : lengthOf(took);
}

function look(fate: StepFate, { marks, good, bad, warning }: Style): { readonly mark: string; readonly paint: (text: string) => string } {
  if (fate === "done" || fate === "stays") return { mark: marks.good, paint: good };
  if (fate === "taken-back") return { mark: marks.undone, paint: warning };
  if (fate === "failed" || fate === "not-taken-back") return { mark: marks.bad, paint: bad };
  return { mark: marks.waiting, paint: (text) => text };
}

function optionLines(options: Explanation["options"], { width }: Output, typed: (command: string) => string): readonly string[] {
  const commands = options.map(({ command }) => typed(command));
  const widest = Math.max(0, ...commands.map(widthOf));
  return options.flatMap(({ does }, index) => wrap(oneLine(does), width(), `  ${pad(commands[index] ?? "", widest)}  `));
}

function momentOf(at: string): string {
  return at.replace("T", " ").replace(/\.\d+Z$/, "Z");
}
