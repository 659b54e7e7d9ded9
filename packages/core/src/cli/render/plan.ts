import type { SchemaCompatibility } from "../../contract/migrator.js";
import type { CommitList, CommitsBetween, Plan, PlanStep } from "../../contract/plan.js";
import type { PlanOutlook, StepOutlook } from "../../history/index.js";
import { lengthOf } from "../../history/words.js";
import { stepsOf } from "../../machine/index.js";
import type { Output } from "../output.js";
import { fit, oneLine, pad, widthOf, wrap } from "./text.js";
import type { Style } from "./style.js";
import { releaseWords } from "./words.js";

const databaseWords: Readonly<Record<SchemaCompatibility, string>> = {
  "code-only": "the release before works on it: rolling back moves code only (code-only)",
  "needs-down": "the release before works on it only after its migrations are reverted (needs-down)",
  irreversible: "the release before can never work on it again (irreversible)",
};

const titles = { deploy: "deploy to", rollback: "roll back", adopt: "adopt" } as const;

/** What is going to happen, in a few lines. */
export function planSummary(plan: Plan, output: Output, more: readonly (readonly [string, string])[] = []): readonly string[] {
  const { style } = output;
  const steps = stepsOf(plan);
  const { message } = plan.release.provenance;
  const facts: (readonly [string, string])[] = [
    ["release", releaseWords(plan.release)],
    ...(message === undefined ? [] : [["commit", oneLine(message)] as const]),
    ["replaces", plan.previousRelease ?? "no earlier release"],
    ...(plan.commits === undefined ? [] : [["brings", commitsWords(plan.commits)] as const]),
    ...(steps.some(({ operation }) => operation === "migrator.apply") ? [["database", databaseWords[plan.compatibility]] as const] : []),
    ...(steps.length === 0 ? [] : [["steps", `${String(steps.length)}: ${stagesOf(plan).join(", ")}`] as const]),
    ...more,
  ];
  return [
    style.strong(`${plan.application}: ${titles[plan.kind]} ${plan.environment}`),
    ...facts.flatMap(([name, text]) => factLines(name, text, output)),
    ...plan.warnings.flatMap((warning) => warningLines(warning, output)),
  ];
}

function commitsWords({ since, added, dropped }: CommitsBetween): string {
  const count = ({ listed, more }: CommitList): number => listed.length + more;
  const [brought, left] = [count(added), count(dropped)];
  const news = `${String(brought)} ${brought === 1 ? "commit" : "commits"} since ${since.slice(0, 7)}`;
  return left === 0 ? news : `${news}, and leaves out ${String(left)} that it had`;
}

/** Every step with what it will do, how it is taken back and how long it took before, and what becomes of it on a rollback. */
export function planSteps(plan: Plan, output: Output, outlook?: PlanOutlook): readonly string[] {
  const { style } = output;
  const steps = stepsOf(plan);
  const marks = stepMarks(style);
  const idWidth = Math.min(28, Math.max(0, ...steps.map(({ id }) => widthOf(id))));
  const lines = steps.flatMap((step, index) => {
    const stage = steps[index - 1]?.stage === step.stage ? "" : step.stage;
    const first = `  ${pad(stage, 9)}  ${marks[fateOf(step)].mark} ${pad(fit(step.id, idWidth), idWidth)}  `;
    return wrap(oneLine(`${step.description}${expectationWords(outlook?.steps[index])}`), output.width(), first);
  });
  const legend = [...new Set(steps.map(fateOf))].map((fate) => `  ${marks[fate].mark} ${marks[fate].meaning}`);
  return [...lines, "", ...[...legend, `  ${plan.digest}`].map((line) => style.faint(fit(line, output.width())))];
}

/** How a step is taken back, and how long it took before. */
function expectationWords(step: StepOutlook | undefined): string {
  if (step === undefined) return "";
  const undo = step.onRollback === "asks" ? [] : [step.onRollback === "undo" ? `taken back, ${step.undo}` : step.undo];
  const took = step.took.median === null ? [] : [`took ${lengthOf(step.took.median)} before`];
  const words = [...undo, ...took];
  return words.length === 0 ? "" : ` (${words.join("; ")})`;
}

/** What becomes of a step on a rollback. */
type Fate = "asks" | PlanStep["reversibility"];

function fateOf({ effect, reversibility }: PlanStep): Fate {
  return effect ? reversibility : "asks";
}

function stepMarks({ marks }: Style): Readonly<Record<Fate, { readonly mark: string; readonly meaning: string }>> {
  return {
    asks: { mark: marks.waiting, meaning: "asks, changes nothing" },
    undo: { mark: marks.undone, meaning: "is taken back on a rollback" },
    leave: { mark: "=", meaning: "may stay on a rollback" },
    irreversible: { mark: "!", meaning: "cannot be taken back: a failure after it asks a person" },
  };
}

function factLines(name: string, text: string, output: Output): readonly string[] {
  const [first = "", ...others] = wrap(text, output.width(), `  ${pad(name, 9)} `);
  return [first.replace(name, () => output.style.faint(name)), ...others];
}

export function warningLines(text: string, { style, width }: Pick<Output, "style" | "width">): readonly string[] {
  return wrap(oneLine(text), width(), `${style.marks.warning} `).map((line) => style.warning(line));
}

function stagesOf(plan: Plan): readonly string[] {
  return [...new Set(plan.groups.filter(({ steps }) => steps.length > 0).map(({ stage }) => stage))];
}
