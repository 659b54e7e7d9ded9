import type { StatusWish } from "../../deployer/status-types.js";
import type { ComponentStatus, DeploymentSummary, EnvironmentStatus } from "../../deployer/types.js";
import type { Output } from "../output.js";
import { attentionLines } from "./attention.js";
import { wayBackWords } from "./outlook.js";
import { warningLines } from "./plan.js";
import { oneLine, pad, widthOf, wrap } from "./text.js";
import { count, releaseWords, stateWords, timeWords } from "./words.js";

/** What serves, held against the journal, and what is under way. */
export function statusLines(status: EnvironmentStatus, application: string, now: number, output: Output): readonly string[] {
  const { style } = output;
  const { environment, release, components, running, last, queue, freeze, waiting, deadLetters } = status;
  const nameWidth = Math.max(0, ...components.map(({ component }) => widthOf(component)));
  // While it runs, messages are on their way.
  const isMoving = running !== null && running.phase !== "needs_attention";
  const fact = (name: string, text: string): readonly string[] => factLines(name, text, output);
  return [
    style.strong(`${application}: ${environment}`),
    ...fact(
      "release",
      release === null ? "nothing has been deployed yet" : `${releaseWords(release.release)}, since ${timeWords(release.at, now)}`,
    ),
    ...components.flatMap((component) => componentLines(component, { nameWidth, isMoving: running !== null }, output)),
    ...(running === null ? [] : runningLines(running, now, output)),
    ...queue.flatMap((one) => fact("waits", lastWords(one, now))),
    ...backFacts(status, now).flatMap(([name, text]) => fact(name, text)),
    ...(freeze === null ? [] : fact("frozen", freezeWords(freeze)).map(style.warning)),
    ...(last === null || last.id === running?.deploymentId || queue.some(({ id }) => id === last.id)
      ? []
      : fact("last", lastWords(last, now))),
    ...(waiting.length === 0 || isMoving ? [] : warningLines(messageWords(waiting, "still to be delivered"), output)),
    ...(deadLetters.length === 0 ? [] : warningLines(messageWords(deadLetters, "could not be delivered"), output)),
  ];
}

function factLines(name: string, text: string, { width }: Output): readonly string[] {
  return wrap(oneLine(text), width(), `  ${pad(name, 9)} `);
}

/** What is under way, what it waits for, and what people are asked to agree to. */
function runningLines(running: NonNullable<EnvironmentStatus["running"]>, now: number, output: Output): readonly string[] {
  const { warning } = output.style;
  return [
    ...factLines("under way", runningWords(running, now), output).map(warning),
    ...(running.stopping === null ? [] : factLines("stopping", wishWords(running.stopping, "asked it to stop"), output).map(warning)),
    ...(running.paused === null ? [] : factLines("paused", wishWords(running.paused, "paused it"), output).map(warning)),
    ...running.steps.flatMap(({ step, description }) => factLines("runs", `${step}: ${description}`, output)),
    ...running.waiting.flatMap(({ step, reason, until, summary }) => [
      ...factLines("waits", `${step}: ${reason}${until === null ? "" : `, until ${until}`}`, output).map(warning),
      // The reason says the first one.
      ...summary.slice(1).flatMap((line) => factLines("", line, output)),
    ]),
    ...attentionLines(running.attention, output),
  ];
}

function componentLines(
  { component, target, serving, expected }: ComponentStatus,
  { nameWidth, isMoving }: { readonly nameWidth: number; readonly isMoving: boolean },
  { style, width }: Output,
): readonly string[] {
  const { marks } = style;
  const differs = serving.known && serving.candidate !== expected;
  const mark = differs || !serving.known ? marks.warning : expected === null ? marks.waiting : marks.good;
  const what = serving.known
    ? `serves ${serving.candidate ?? "nothing"} at ${target}${differs ? differenceWords(expected ?? "nothing", isMoving) : ""}`
    : `what serves at ${target} is not known${expected === null ? "" : `; the journal says ${expected}`}`;
  const note = serving.note === null ? "" : ` (${serving.note})`;
  const lines = wrap(oneLine(`${what}${note}`), width(), `  ${mark} ${pad(component, nameWidth)}  `);
  return differs || !serving.known ? lines.map(style.warning) : lines;
}

/** Why it differs is not known: something else may have deployed, or what was deployed may have stopped. */
function differenceWords(expected: string, isMoving: boolean): string {
  return isMoving ? ` (before this deployment: ${expected})` : `, but the journal says ${expected}`;
}

/** How far what is under way can be taken back, whether somebody has gone back, and where one may go back to. */
function backFacts({ running, pin, rollbackTargets }: EnvironmentStatus, now: number): readonly (readonly [string, string])[] {
  const wayBack = running?.wayBack ?? null;
  return [
    ...(wayBack === null ? [] : [["way back", wayBackWords(wayBack)] as const]),
    ...(pin === null ? [] : [["pinned", pinWords(pin)] as const]),
    ...(rollbackTargets.length === 0 ? [] : [["earlier", targetWords(rollbackTargets, now)] as const]),
  ];
}

function pinWords({ actor, release, reason }: NonNullable<EnvironmentStatus["pin"]>): string {
  return `${actor} rolled back to ${release}${reason === null ? "" : `: ${reason}`}. Nothing that began by itself replaces it until somebody deploys`;
}

/** Releases that a rollback may go to, and why not to the others; the last one first. */
function targetWords(targets: EnvironmentStatus["rollbackTargets"], now: number): string {
  const shown = targets.filter(({ retained, outside }) => retained !== false && outside === null);
  const barred = targets.length - shown.length;
  const words = shown.slice(0, 3).map(({ release, servedUntil }) => `${release} (served until ${timeWords(servedUntil, now)})`);
  const more = shown.length > 3 ? [`${String(shown.length - 3)} more`] : [];
  const out = barred === 0 ? "" : `; ${count(barred, "release")} not retained or outside the window`;
  return shown.length === 0 ? `nothing to go back to${out}` : `a rollback may go to ${[...words, ...more].join(", ")}${out}`;
}

function freezeWords({ reason, until }: NonNullable<EnvironmentStatus["freeze"]>): string {
  return `nothing begins until ${until ?? "somebody ends it"}: ${reason}`;
}

function runningWords(
  { deploymentId, phase, holder, since, attention, waiting }: NonNullable<EnvironmentStatus["running"]>,
  now: number,
): string {
  // What only waits needs nobody meanwhile.
  const nobody = waiting.length === 0 ? ", which nobody drives (`recover` does)" : "";
  const driver = phase === "needs_attention" ? "" : holder === null ? nobody : `, driven by ${holder}`;
  const why = attention === null ? "" : `: ${attention.reason}`;
  return `${deploymentId}, ${stateWords({ phase, outcome: null })}${driver}, since ${timeWords(since, now)}${why}`;
}

function wishWords({ actor, reason }: StatusWish, deed: string): string {
  return `${actor} ${deed}${reason === null ? "" : `: ${reason}`}`;
}

function lastWords({ id, kind, phase, outcome, createdAt, actor, reason }: DeploymentSummary, now: number): string {
  const why = reason === null ? "" : `: ${reason}`;
  return `${id}, ${kind} ${stateWords({ phase, outcome })}, ${timeWords(createdAt, now)}, by ${actor}${why}`;
}

/** How many messages, of which channels, and what the last attempts ran into. */
function messageWords(messages: EnvironmentStatus["waiting"], what: string): string {
  const channels = new Set(messages.map(({ channel }) => channel));
  const reasons = new Set(messages.flatMap(({ error }) => (typeof error?.["message"] === "string" ? [error["message"]] : [])));
  const why = reasons.size === 0 ? "" : ` (${[...reasons].join(" ")})`;
  return `${count(messages.length, "message")} ${what}: ${[...channels].join(", ")}${why}`;
}
