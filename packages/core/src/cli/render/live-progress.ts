import type { DeploymentEvent, LogEntry } from "../../contract/deployment-events.js";
import type { DeploymentState } from "../../machine/index.js";
import type { Clock } from "../../time/clock.js";
import { formatMilliseconds } from "../../time/duration.js";
import type { Output } from "../output.js";
import { createEchoes } from "./echoes.js";
import { eventLines, nameWidth, type EventContext } from "./live-event.js";
import { planSummary } from "./plan.js";
import type { Progress } from "./progress.js";
import { createScreen } from "./screen.js";
import { createStepBoard, type RunningStep } from "./step-board.js";
import { fit, oneLine, pad, widthOf, wrap } from "./text.js";

/** For a person at a terminal: what is done stands above and stays, what runs is drawn anew below it. */
export function createLiveProgress(output: Output, clock: Clock, hint: () => string): Progress {
  const { style } = output;
  const board = createStepBoard();
  const echoes = createEchoes();
  const warned = new Set<string>();
  let holders = 0;
  let beginning = clock.now();
  let waitingFor = "";

  const runningLines = (step: RunningStep, width: number): readonly string[] => {
    const now = clock.now();
    const spinner = style.marks.running[Math.floor(now / 100) % style.marks.running.length] ?? "";
    const most =
      step.observeAt === undefined && step.deadline > now
        ? ` of ${formatMilliseconds(Math.round((step.deadline - step.since) / 1_000) * 1_000)}`
        : "";
    const time = `${timer(now - step.since)}${most}`;
    const what = step.direction === "undo" ? "taking back" : oneLine(step.description);
    const again = step.attempt > 1 ? ` (attempt ${String(step.attempt)})` : "";
    const begin = `${spinner} ${pad(step.id, nameWidth)} `;
    const text = fit(`${begin}${what}${again}`, width - widthOf(time) - 2);
    const waits = step.observeAt === undefined ? step.said : "ended without an answer: looking up whether it took effect";
    return [
      `${pad(text, width - widthOf(time) - 1)} ${style.faint(time)}`,
      ...(waits === undefined ? [] : [style.faint(fit(`    ${oneLine(waits)}`, width))]),
    ];
  };
  const region = (): readonly string[] => {
    const width = output.width() - 1;
    const running = board.running();
    const spinner = style.marks.running[Math.floor(clock.now() / 100) % style.marks.running.length] ?? "";
    const next = board.isStopping || running.length === 0 ? [] : board.next();
    const footer = [timer(clock.now() - beginning), hint()].filter((text) => text !== "");
    return [
      ...(running.length === 0 && waitingFor !== "" ? [fit(`${spinner} ${waitingFor}`, width)] : []),
      ...running.flatMap((step) => runningLines(step, width)),
      ...(next.length === 0 ? [] : [style.faint(fit(`  then ${next.join(", ")}`, width))]),
      style.faint(fit(`  ${footer.join(` ${style.marks.separator} `)}`, width)),
    ];
  };
  const screen = createScreen(output, clock, region);
  const context: EventContext = { style, width: () => output.width() - 1 };

  const printLog = ({ level, step, message }: LogEntry): void => {
    if (step !== null) board.say(step, message);
    const isKnown = warned.has(`${String(step)} ${message}`);
    warned.add(`${String(step)} ${message}`);
    if (level === "info" || isKnown) return;
    const paint = level === "warn" ? style.warning : style.bad;
    screen.print(wrap(oneLine(`${step === null ? "" : `${step}: `}${message}`), context.width(), `  ${style.marks.warning} `).map(paint));
  };
  const printHeader = ({ plan, actor, reason }: Pick<DeploymentState, "plan" | "actor" | "reason">, at: number): void => {
    beginning = Math.min(beginning, at);
    waitingFor = "waiting for the next step";
    const by = `${oneLine(actor.name)}${reason === null ? "" : `: ${oneLine(reason)}`}`;
    screen.print([...planSummary(plan, output, [["by", by]]), ""]);
  };
  const printEvent = (event: DeploymentEvent): void => {
    if (event.type === "deployment.started" && holders++ === 0) return;
    const ended = board.apply(event);
    if (event.type === "deployment.created") {
      printHeader(event.data, Date.parse(event.at));
      return;
    }
    const lines = eventLines(event, ended, context);
    if (lines.length > 0) screen.print(lines);
    else screen.refresh();
  };

  return {
    waiting(what) {
      waitingFor = what;
      screen.refresh();
    },
    resume(state) {
      board.resume(state);
      holders = 1;
      printHeader(state, state.createdAt);
    },
    event(event) {
      echoes.event(event).forEach(printLog);
      printEvent(event);
    },
    log(entry) {
      echoes.log(entry).forEach(printLog);
    },
    notice(text) {
      screen.print(wrap(text, context.width(), `${style.marks.warning} `).map(style.warning));
    },
    stop() {
      echoes.end().forEach(printLog);
      screen.stop();
    },
  };
}

/** A time that grows while one looks at it: always with the same number of digits behind the point. */
function timer(milliseconds: number): string {
  const shown = Math.max(0, milliseconds);
  return shown < 60_000 ? `${(shown / 1_000).toFixed(1)} s` : formatMilliseconds(shown);
}
