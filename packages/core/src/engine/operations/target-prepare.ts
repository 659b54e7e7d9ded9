import type { CallOptions } from "../../contract/call.js";
import type { Artifact, Candidate } from "../../contract/release.js";
import type { ComponentReference, DeployTarget } from "../../contract/target.js";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";
import type { Json } from "../../json/json.js";
import { readFolder } from "../source/read-artifacts.js";
import type { OperationContext, OperationHandler } from "../operation.js";
import { isCandidate, subjectOf } from "./read-input.js";

/** Makes a candidate; taken back by discarding it. */
export const targetPrepare: OperationHandler = {
  async run(context) {
    const { component, plugin } = subjectOf(context);
    const target = await context.capabilities.get(plugin, "target");
    const artifact = artifactOf(context);
    await requireContent(target, component, artifact, context.call);
    const candidate = await target.prepare(
      {
        ...component,
        release: context.plan.release,
        artifact,
        key: context.call.idempotencyKey,
        variables: variablesOf(context),
      },
      context.call,
    );
    return { ...candidate };
  },

  async observe(context) {
    const observation = await observed(context);
    if (observation.status === "applied") return { status: "applied", output: { ...observation.candidate } };
    if (observation.status === "failed") return { status: "failed", reason: observation.reason };
    return observation.status === "indeterminate" ? observation : { status: observation.status };
  },

  async undo(context) {
    const { component, plugin } = subjectOf(context);
    const target = await context.capabilities.get(plugin, "target");
    const candidate = await candidateToDiscard(context);
    if (candidate === undefined || target.discard === undefined) return;
    await target.discard({ ...component, candidate }, context.call);
  },

  async observeUndo(context) {
    const { status } = await observed(context);
    return status === "absent" || status === "undone" || status === "failed" ? { status: "undone" } : { status: "applied" };
  },
};

async function observed(context: OperationContext): ReturnType<DeployTarget["observe"]> {
  const { component, plugin } = subjectOf(context);
  const target = await context.capabilities.get(plugin, "target");
  return target.observe({ ...component, key: context.call.idempotencyKey }, context.call);
}

/** What is there to discard: the known candidate, or what the provider has under the key. One that serves still, because its promote could not be taken back, the target refuses to remove. */
async function candidateToDiscard(context: OperationContext & { readonly output: Json | undefined }): Promise<Candidate | undefined> {
  if (isCandidate(context.output)) return context.output;
  const observation = await observed(context);
  return "candidate" in observation ? observation.candidate : undefined;
}

function artifactOf({ step, input }: OperationContext): Artifact {
  const artifact = input["artifact"];
  if (typeof artifact === "object" && artifact !== null && "kind" in artifact) return artifact as unknown as Artifact;
  throw fail(coreErrors, "STEP_UNKNOWN", { step: step.id, operation: step.operation });
}

function variablesOf({ input }: OperationContext): Record<string, string> {
  const variables = input["variables"];
  if (typeof variables !== "object" || variables === null) return {};
  return Object.fromEntries(Object.entries(variables).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

/** Content that has changed since the plan, or that lies on another machine, is not the content of this release. */
async function requireContent(target: DeployTarget, about: ComponentReference, artifact: Artifact, call: CallOptions): Promise<void> {
  if (artifact.kind !== "directory") return;
  const { path, digest } = artifact;
  const here = path === undefined ? undefined : await readFolder(target, about, path, call).catch(() => undefined);
  if (here?.digest !== digest) throw fail(coreErrors, "SOURCE_NOT_HERE", { component: about.component, digest });
}
