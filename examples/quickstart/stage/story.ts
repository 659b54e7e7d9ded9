import type { DeploymentEvent, Plan } from "@fairlead/core";
import type { DeployRun } from "./run-deploy.ts";

/** A release of the shop, and the run of the command line that was to deploy it. */
export interface ReleaseRun {
  readonly release: string;
  readonly name: string;
  readonly run: DeployRun;
}

/** A deployment as its events tell it. Times are milliseconds since the epoch. */
export interface Story {
  readonly release: string;
  readonly name: string;
  readonly exitCode: number;
  /** What the whole process took, in milliseconds. */
  readonly took: number;
  readonly startedAt: number;
  readonly deploymentId: string | null;
  /** Fairlead's id of the release. */
  readonly releaseId: string | null;
  /** The provider's id of what was uploaded for the web component. */
  readonly candidate: string | null;
  readonly end: "promoted" | "rolled-back" | "other";
  /** When migrations were applied, and which. */
  readonly applied: { readonly at: number; readonly migrations: readonly string[] } | null;
  /** When the web component's promote began and was confirmed; `null` where it never began. */
  readonly promote: { readonly from: number; readonly to: number } | null;
  /** When it was decided that the release is taken back, and why. */
  readonly verdict: { readonly at: number; readonly step: string; readonly reason: string } | null;
  /** When the web component was confirmed to serve the release before again. */
  readonly backAt: number | null;
  readonly endedAt: number | null;
}

type EventOf<Type extends DeploymentEvent["type"]> = Extract<DeploymentEvent, { type: Type }>;

/** Reads the story of a deployment from what its process said. */
export function storyOf({ release, name, run }: ReleaseRun): Story {
  const { events, exitCode, startedAt, endedAt } = run;
  const all = <Type extends DeploymentEvent["type"]>(type: Type): readonly EventOf<Type>[] =>
    events.filter((event): event is EventOf<Type> => event.type === type);
  const created = all("deployment.created")[0];
  const timeOf = (type: "step.started" | "step.succeeded", step: string, direction: "forward" | "undo"): number | null => {
    const event = all(type).find(({ data }) => data.step === step && data.direction === direction);
    return event === undefined ? null : Date.parse(event.at);
  };
  const rollback = all("rollback.started")[0];
  const ended = [...all("deployment.succeeded"), ...all("deployment.rolled-back")][0];
  const promotedFrom = timeOf("step.started", "web.promote", "forward");
  return {
    release,
    name,
    exitCode,
    took: endedAt - startedAt,
    startedAt,
    deploymentId: created?.deploymentId ?? null,
    releaseId: created?.data.plan.release.id ?? null,
    candidate: candidateIn(all("step.succeeded")),
    end: ended === undefined ? "other" : ended.type === "deployment.succeeded" ? "promoted" : "rolled-back",
    applied: created === undefined ? null : appliedBy(created.data.plan, all("step.succeeded")),
    promote: promotedFrom === null ? null : { from: promotedFrom, to: timeOf("step.succeeded", "web.promote", "forward") ?? promotedFrom },
    verdict:
      rollback === undefined
        ? null
        : { at: Date.parse(rollback.at), step: rollback.data.step ?? "", reason: rollback.data.error?.message ?? "" },
    backAt: timeOf("step.succeeded", "web.promote", "undo"),
    endedAt: ended === undefined ? null : Date.parse(ended.at),
  };
}

function candidateIn(succeeded: readonly EventOf<"step.succeeded">[]): string | null {
  const output = succeeded.find(({ data }) => data.step === "web.prepare" && data.direction === "forward")?.data.output;
  if (typeof output !== "object" || output === null || !("id" in output)) return null;
  return typeof output.id === "string" ? output.id : null;
}

function appliedBy({ groups }: Plan, succeeded: readonly EventOf<"step.succeeded">[]): Story["applied"] {
  const steps = groups.flatMap((group) => group.steps).filter(({ operation }) => operation === "migrator.apply");
  const done = succeeded.filter(({ data }) => steps.some(({ id }) => id === data.step));
  const migrations = steps
    .filter(({ id }) => done.some(({ data }) => data.step === id))
    .flatMap(({ input }) => namesIn(input["migrations"]));
  const last = done.at(-1);
  return last === undefined ? null : { at: Date.parse(last.at), migrations };
}

function namesIn(migrations: unknown): readonly string[] {
  if (!Array.isArray(migrations)) return [];
  return migrations.flatMap((one: unknown) => (typeof one === "object" && one !== null && "id" in one ? [String(one.id)] : []));
}
