import type { Json } from "../json/json.js";
import { stepsOf, type DeploymentState, type MachineEvent } from "../machine/index.js";
import type { Explanation } from "./explanation.js";
import { wasStopped } from "./explained-steps.js";
import { count, listed } from "./words.js";

/** Whether the release was found to be good, and what says so: the answers of the gates. */
export function explainVerdict(events: readonly MachineEvent[], state: DeploymentState): Explanation["verdict"] {
  const gates = stepsOf(state.plan).filter(({ effect }) => !effect);
  const evidence = gates.flatMap(({ id, operation }) => {
    const attempt = state.steps[id]?.forward;
    if (attempt?.status === "failed" && wasStopped(attempt.error)) return [];
    if (attempt?.status === "failed") return [`${id}: ${attempt.error.message}`];
    return attempt?.status === "succeeded" ? evidenceOf(id, operation, attempt.output) : [];
  });
  const failed = state.rollback?.step ?? state.failedStep ?? failedStep(events);
  const why = state.rollback?.error ?? state.error;
  const isGate = gates.some(({ id }) => id === failed);
  const all = failed !== null && why !== null && !isGate ? [...evidence, `${failed}: ${why.message}`] : evidence;
  if (failed !== null) return { good: false, evidence: all };
  return { good: state.phase === "succeeded" && all.length > 0 ? true : null, evidence: all };
}

function failedStep(events: readonly MachineEvent[]): string | null {
  const last = events.findLast((event) => event.type === "step.failed" && !event.data.again && !wasStopped(event.data.error));
  return last?.type === "step.failed" && events.at(-1)?.type !== "deployment.succeeded" ? last.data.step : null;
}

/** What a gate said, in words. */
function evidenceOf(id: string, operation: string, output: Json): readonly string[] {
  if (!isObject(output)) return [];
  if (output["advanced"] === true) return [`${id}: was left because a person wanted it`];
  const { samples, checks, approvers } = output;
  if (isNames(approvers)) return approvers.length === 0 ? [] : [`${id}: ${listed(approvers)} agreed`];
  const said = [output["explanation"], output["text"], output["summary"], output["reason"]].find((text) => typeof text === "string");
  if (typeof said === "string") return [`${id}: ${said}`];
  if (typeof samples !== "number") return [];
  if (samples === 0) return [`${id}: no check asks about it, so nothing is known`];
  const asked = isList(checks) ? checks : [];
  const names = asked.map(nameOf).filter((name) => name !== undefined);
  const failures = asked.reduce<number>((sum, check) => sum + failuresOf(check), 0);
  const who = names.length === 0 ? "it" : listed(names);
  const verb = names.length > 1 ? "were" : "was";
  const times = `${id}: ${who} ${verb} asked ${count(samples, "time")}`;
  if (operation !== "gate.bake") return [`${times}, and ${verb} up at the end`];
  return [`${times} while it served, ${failures === 0 ? "and never failed" : `and failed ${count(failures, "time")}`}`];
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json | undefined } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isNames(value: Json | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === "string");
}

function nameOf(check: Json): string | undefined {
  if (typeof check === "string") return check;
  return isObject(check) && typeof check["name"] === "string" ? check["name"] : undefined;
}

function failuresOf(check: Json): number {
  return isObject(check) && typeof check["failures"] === "number" ? check["failures"] : 0;
}
