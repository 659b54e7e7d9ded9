import type { Json, JsonObject } from "@fairlead/core";
import { isObject } from "./fields.js";
import type { KubernetesSettings } from "./kubernetes-options.js";

interface Progress {
  readonly generation: number;
  readonly replicas: number;
  readonly isOver: boolean;
  readonly rollouts: KubernetesSettings["rollouts"];
  readonly isDone: boolean;
}

/** What the controllers of a cluster would say of an object by now: they are done `rolloutAfter` the object was changed last, or never. */
export function statusOf(
  {
    kind,
    object,
    generation,
    changedAt,
  }: { readonly kind: string; readonly object: JsonObject; readonly generation: number; readonly changedAt: number },
  now: number,
  { rolloutAfter, rollouts }: KubernetesSettings,
): JsonObject | undefined {
  const spec = isObject(object["spec"]) ? object["spec"] : {};
  const replicas = typeof spec["replicas"] === "number" ? spec["replicas"] : 1;
  const isOver = now - changedAt >= rolloutAfter;
  return statuses[kind]?.({ generation, replicas, isOver, rollouts, isDone: isOver && rollouts === "complete" });
}

const statuses: Readonly<Record<string, (progress: Progress) => JsonObject>> = {
  Deployment: ({ generation, replicas, isOver, rollouts, isDone }) => {
    const there = isDone ? replicas : 0;
    const progressing =
      isOver && rollouts === "failed"
        ? condition("Progressing", "False", "ProgressDeadlineExceeded", "it has timed out progressing")
        : condition("Progressing", "True", isDone ? "NewReplicaSetAvailable" : "ReplicaSetUpdated", "");
    return {
      observedGeneration: generation,
      replicas,
      updatedReplicas: there,
      readyReplicas: there,
      availableReplicas: there,
      unavailableReplicas: replicas - there,
      conditions: [progressing],
    };
  },
  StatefulSet: ({ generation, replicas, isDone }) => {
    const there = isDone ? replicas : 0;
    const update = `r${String(generation)}`;
    const revisions = { currentRevision: isDone ? update : "r0", updateRevision: update };
    return { observedGeneration: generation, replicas, updatedReplicas: there, readyReplicas: there, ...revisions };
  },
  DaemonSet: ({ generation, isDone }) => {
    const number = isDone ? 1 : 0;
    return { observedGeneration: generation, desiredNumberScheduled: 1, updatedNumberScheduled: number, numberAvailable: number };
  },
  Job: ({ isOver, rollouts, isDone }) => {
    if (!isOver || rollouts === "stuck") return { active: 1 };
    return isDone
      ? { succeeded: 1, conditions: [condition("Complete", "True", "", "")] }
      : { failed: 1, conditions: [condition("Failed", "True", "BackoffLimitExceeded", "it has reached the specified backoff limit")] };
  },
  Namespace: () => ({ phase: "Active" }),
};

function condition(type: string, status: string, reason: string, message: string): Json {
  return { type, status, reason, message };
}
