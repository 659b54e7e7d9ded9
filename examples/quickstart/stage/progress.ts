import type { DeploymentEvent } from "@fairlead/core";
import { bad, faint } from "./print.ts";

/** Tells how a deployment comes along: one word for each stage when it begins, its seconds when it has ended, all on one line. */
export interface Progress {
  event(event: DeploymentEvent): void;
  end(): void;
}

export function createProgress(write: (text: string) => void): Progress {
  let stages: ReadonlyMap<string, string> = new Map();
  let current: { readonly stage: string; readonly since: number } | undefined;
  let isEmpty = true;

  const leave = (at: number, mark = ""): void => {
    if (current !== undefined) write(`${mark} ${faint(((at - current.since) / 1_000).toFixed(1))}`);
    current = undefined;
  };
  const enter = (stage: string, at: number): void => {
    if (stage === current?.stage) return;
    leave(at);
    write(`${isEmpty ? "   " : faint(" · ")}${stage}`);
    isEmpty = false;
    current = { stage, since: at };
  };

  return {
    event(event) {
      const at = Date.parse(event.at);
      switch (event.type) {
        case "deployment.created":
          stages = stagesOf(event);
          return;
        case "step.started":
          if (event.data.direction === "forward") enter(stages.get(event.data.step) ?? event.data.step, at);
          return;
        case "rollback.started":
          leave(at, ` ${bad("✖")}`);
          enter("roll back", at);
          return;
        case "deployment.succeeded":
        case "deployment.rolled-back":
        case "deployment.failed":
          leave(at);
          return;
        default:
      }
    },
    end() {
      if (!isEmpty) write("\n");
    },
  };
}

function stagesOf({ data }: Extract<DeploymentEvent, { type: "deployment.created" }>): ReadonlyMap<string, string> {
  return new Map(data.plan.groups.flatMap(({ steps }) => steps.map(({ id, stage }) => [id, stage])));
}
