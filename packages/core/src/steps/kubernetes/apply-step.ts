import type { PluginContext } from "../../contract/plugin.js";
import type { StepCall, StepDefinition, StepObservation } from "../../contract/step.js";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";
import type { Json, JsonObject } from "../../json/json.js";
import { approvalTo } from "../program/approval-to.js";
import { beforeFile, keepBefore, readBefore } from "./before.js";
import { changesOf, type ObjectChange } from "./changes.js";
import { kubernetesInput, plannedObjects, readKubernetesInput, type PlannedObjects } from "./kubernetes-input.js";
import type { KubernetesSettings } from "./kubernetes-options.js";
import { kubernetesIn, type KubernetesProgram, type KubernetesWork } from "./kubernetes-program.js";
import { requireSameManifests } from "./plan-step.js";
import { progressOf, type Progress } from "./progress.js";
import { rollOut, rolloutsOf } from "./roll-out.js";
import { takeBack } from "./take-back.js";

type Context = Pick<PluginContext, "name" | "clock" | "redact">;

interface Begun {
  readonly work: KubernetesWork;
  readonly kubectl: KubernetesProgram;
  readonly planned: PlannedObjects;
  readonly changes: readonly ObjectChange[];
  readonly progress: Progress;
}

/** Makes the changes that were shown, and no others, and waits until they are rolled out. */
export function applyStep(settings: KubernetesSettings, context: Context): StepDefinition {
  const begin = async (given: JsonObject, call: StepCall): Promise<Begun> => {
    const input = readKubernetesInput(given);
    const planned = plannedObjects.parse(given["plan"]);
    requireSameManifests(input);
    const work: KubernetesWork = { settings, context, input, call };
    const kubectl = await kubernetesIn(work);
    const found = await kubectl.server();
    if (found !== planned.server) throw fail(coreErrors, "KUBERNETES_CLUSTER_DIFFERS", { planned: planned.server, found });
    const changes = await changesOf(kubectl, input.manifests);
    return { work, kubectl, planned, changes, progress: progressOf(planned, changes) };
  };

  const run = async (given: JsonObject, call: StepCall): Promise<Json> => {
    const { work, kubectl, planned, changes, progress } = await begin(given, call);
    const { manifests, forceConflicts } = work.input;
    if (progress.moved.length > 0) throw fail(coreErrors, "KUBERNETES_MOVED", { objects: progress.moved });
    if (progress.pending.length > 0) {
      if (progress.made.length === 0)
        await keepBefore(
          work,
          changes.flatMap(({ live }) => live ?? []),
        );
      else if ((await readBefore(work)) === undefined) throw fail(coreErrors, "KUBERNETES_BEFORE_GONE", { file: await beforeFile(work) });
      await kubectl.apply(manifests, { force: forceConflicts });
    }
    await rollOut(kubectl, manifests, work);
    return outcome(planned);
  };

  const observe = async (given: JsonObject, call: StepCall): Promise<StepObservation> => {
    const { work, kubectl, planned, progress } = await begin(given, call);
    const { pending, made, moved } = progress;
    if (moved.length > 0) return { status: "failed", reason: fail(coreErrors, "KUBERNETES_MOVED", { objects: moved }).message };
    if (pending.length > 0) return { status: made.length === 0 ? "absent" : "in-progress" };
    const { failed, waiting } = rolloutsOf(await kubectl.live(work.input.manifests));
    if (failed.length > 0) return { status: "failed", reason: failed.join("; ") };
    return waiting.length > 0 ? { status: "in-progress" } : { status: "applied", output: outcome(planned) };
  };

  return {
    id: "apply",
    // It comes after what it applies was found out, which is done there.
    order: settings.stage === "preflight" ? "last" : settings.order,
    stage: settings.stage,
    approval: approvalTo("plan", settings.approval),
    description: `apply ${settings.manifests.join(", ")}, and wait until it is rolled out`,
    get input() {
      return { ...kubernetesInput(settings), plan: { $output: `${context.name}.plan` } };
    },
    idempotency: "natural",
    timeout: settings.timeout,
    observeTimeout: `${settings.rollout + 30_000}ms`,
    settle: `${settings.grace + 1_000}ms`,
    run,
    observe,
    reversibility: "undo",
    undo: async (given, call) => {
      const { work, kubectl, planned, progress } = await begin(given, call);
      await takeBack({ work, kubectl, planned, progress });
    },
  };
}

function outcome({ objects }: PlannedObjects): Json {
  const of = (wanted: string): string[] => objects.filter(({ action }) => action === wanted).map(({ address }) => address);
  return { created: of("create"), changed: of("change"), asTheyWere: of("none") };
}
