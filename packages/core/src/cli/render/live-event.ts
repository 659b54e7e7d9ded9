import type { DeploymentEvent } from "../../contract/deployment-events.js";
import { formatMilliseconds } from "../../time/duration.js";
import type { Style } from "./style.js";
import { fit, oneLine, pad, plainText, widthOf, wrap } from "./text.js";
import type { RunningStep } from "./step-board.js";

/** Columns that names of steps take, unless they are longer. */
export const nameWidth = 18;

export interface EventContext {
  readonly style: Style;
  readonly width: () => number;
}

/** What stays on the terminal of an event; `ended` is the attempt that it ended. What ends a deployment is told with its result. */
export function eventLines(event: DeploymentEvent, ended: RunningStep | undefined, context: EventContext): readonly string[] {
  const { style, width } = context;
  const { marks } = style;
  const warn = (text: string): readonly string[] => wrap(oneLine(text), width(), `${marks.warning} `).map(style.warning);
  const took = ended === undefined ? undefined : Date.parse(event.at) - ended.since;
  switch (event.type) {
    case "step.succeeded": {
      const { step: name, direction, observed } = event.data;
      const found = observed ? " (found to be so)" : "";
      return direction === "undo"
        ? [stepLine({ mark: marks.undone, paint: style.warning, name, text: `taken back${found}`, took }, context)]
        : [stepLine({ mark: marks.good, paint: style.good, name, text: `${ended?.description ?? "done"}${found}`, took }, context)];
    }
    case "step.failed": {
      const { step, direction, error, again } = event.data;
      const name = direction === "undo" ? `taking back ${step}` : step;
      if (again) return warn(`${name} failed, trying again: ${error.message}`);
      return [
        stepLine({ mark: marks.bad, paint: style.bad, name, text: "failed", took }, context),
        ...wrap(plainText(error.message), width(), "    ").map(style.bad),
      ];
    }
    case "step.interrupted":
    case "abort.requested":
    case "retry.requested":
      return warn(event.summary);
    case "rollback.started":
      return warn("taking back what was begun");
    case "deployment.started":
      return [style.faint(fit(`  ${oneLine(event.summary)}`, width()))];
    default:
      return [];
  }
}

interface StepLine {
  readonly mark: string;
  readonly paint: (text: string) => string;
  readonly name: string;
  readonly text: string;
  /** In milliseconds. */
  readonly took: number | undefined;
}

function stepLine({ mark, paint, name, text, took }: StepLine, { style, width }: EventContext): string {
  const time = took === undefined ? "" : formatMilliseconds(Math.max(0, took));
  const room = width() - widthOf(time) - 1;
  const line = fit(`${mark} ${pad(name, nameWidth)} ${oneLine(text)}`, room - 1);
  return `${pad(line, room).replace(mark, paint)} ${style.faint(time)}`;
}
