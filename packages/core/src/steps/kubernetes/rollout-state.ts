import * as z from "zod";
import type { KubernetesObject } from "./kubernetes-object.js";

/** How far the rollout of an object is. */
export type RolloutState = { readonly status: "done" } | { readonly status: "waiting" | "failed"; readonly reason: string };

const number = z.number().default(0);
const read = z.looseObject({
  metadata: z.looseObject({ generation: number }),
  spec: z
    .looseObject({
      replicas: z.number().default(1),
      suspend: z.boolean().default(false),
      updateStrategy: z
        .looseObject({ type: z.string().default("RollingUpdate"), rollingUpdate: z.looseObject({ partition: number }).optional() })
        .optional(),
    })
    .default({ replicas: 1, suspend: false }),
  status: z
    .looseObject({
      observedGeneration: number,
      replicas: number,
      updatedReplicas: number,
      readyReplicas: number,
      availableReplicas: number,
      currentRevision: z.string().optional(),
      updateRevision: z.string().optional(),
      desiredNumberScheduled: number,
      updatedNumberScheduled: number,
      numberAvailable: number,
      conditions: z
        .array(z.looseObject({ type: z.string(), status: z.string(), reason: z.string().default(""), message: z.string().default("") }))
        .default([]),
    })
    .prefault({}),
});

type Read = z.output<typeof read>;

const done: RolloutState = { status: "done" };
const waiting = (reason: string): RolloutState => ({ status: "waiting", reason });
const of = (amount: number, all: number, what: string): RolloutState => waiting(`${String(amount)} of ${String(all)} ${what}`);

/** How far the rollout of an object is, by the same signs as `kubectl rollout status` and, for Jobs, `kubectl wait`. Anything that is not rolled out is done. */
export function rolloutStateOf({ kind, document }: KubernetesObject): RolloutState {
  const judge = judges[kind];
  if (judge === undefined) return done;
  const object = read.parse(document);
  // The controller has not seen it yet: what the status says is about what was before.
  if (kind !== "Job" && object.status.observedGeneration < object.metadata.generation) return waiting("it has not begun");
  return judge(object);
}

const judges: Readonly<Record<string, (object: Read) => RolloutState>> = {
  Deployment({ spec: { replicas }, status }) {
    const stuck = conditionOf(status, "Progressing");
    if (stuck?.reason === "ProgressDeadlineExceeded")
      return { status: "failed", reason: `it exceeded its progress deadline. ${stuck.message}`.trim() };
    if (status.updatedReplicas < replicas) return of(status.updatedReplicas, replicas, "replicas are new");
    if (status.replicas > status.updatedReplicas)
      return waiting(`${String(status.replicas - status.updatedReplicas)} old replicas are still there`);
    if (status.availableReplicas < status.updatedReplicas)
      return of(status.availableReplicas, status.updatedReplicas, "new replicas are available");
    return done;
  },
  StatefulSet({ spec: { replicas, updateStrategy }, status }) {
    if (updateStrategy?.type === "OnDelete") return done;
    if (status.readyReplicas < replicas) return of(status.readyReplicas, replicas, "replicas are ready");
    const partition = updateStrategy?.rollingUpdate?.partition ?? 0;
    if (partition > 0) {
      const wanted = replicas - partition;
      return status.updatedReplicas < wanted ? of(status.updatedReplicas, wanted, "replicas are new") : done;
    }
    return status.updateRevision === status.currentRevision ? done : of(status.updatedReplicas, replicas, "replicas are new");
  },
  DaemonSet({ spec: { updateStrategy }, status }) {
    if (updateStrategy?.type === "OnDelete") return done;
    const { desiredNumberScheduled: wanted, updatedNumberScheduled: updated, numberAvailable: available } = status;
    if (updated < wanted) return of(updated, wanted, "nodes have the new one");
    return available < wanted ? of(available, wanted, "nodes have it available") : done;
  },
  Job({ spec, status }) {
    if (conditionOf(status, "Complete")?.status === "True" || spec.suspend) return done;
    const failed = conditionOf(status, "Failed");
    if (failed?.status === "True") return { status: "failed", reason: `it failed (${failed.reason}). ${failed.message}`.trim() };
    return waiting("it is not complete");
  },
};

function conditionOf({ conditions }: Read["status"], type: string): Read["status"]["conditions"][number] | undefined {
  return conditions.find((one) => one.type === type);
}
