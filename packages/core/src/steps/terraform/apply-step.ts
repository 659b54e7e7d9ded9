import { rm } from "node:fs/promises";
import type { PluginContext } from "../../contract/plugin.js";
import type { StepCall, StepDefinition, StepObservation } from "../../contract/step.js";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";
import type { Json, JsonObject } from "../../json/json.js";
import { approvalTo } from "../program/approval-to.js";
import { checkOutputs } from "./check-outputs.js";
import { applyPrevious } from "./apply-previous.js";
import {
  plannedChanges,
  readTerraformInput,
  stateText,
  terraformInput,
  type PlannedChanges,
  type StateVersion,
} from "./terraform-input.js";
import type { TerraformSettings } from "./terraform-options.js";
import { fileDigest, terraformIn, type TerraformProgram } from "./terraform-program.js";

type Context = Pick<PluginContext, "name" | "clock" | "redact">;

/** Applies the plan that was shown, and no other. */
export function applyStep(settings: TerraformSettings, context: Context): StepDefinition {
  const begin = async (given: JsonObject, call: StepCall) => {
    const input = readTerraformInput(given);
    const planned = plannedChanges.parse(given["plan"]);
    const terraform = await terraformIn({ settings, context, input, call });
    await terraform.init();
    return { input, planned, terraform, moved: await movedFrom(terraform, planned) };
  };

  const outcome = async (terraform: TerraformProgram, planned: PlannedChanges, folder: string): Promise<Json> => {
    const outputs = await checkOutputs(await terraform.outputs(), settings.outputs, folder);
    const { add, change, destroy, state } = planned;
    return { add, change, destroy, outputs, state: { before: { ...state }, after: { ...(await terraform.state()) } } };
  };

  const run = async (given: JsonObject, call: StepCall): Promise<Json> => {
    const { input, planned, terraform, moved } = await begin(given, call);
    const { folder } = input;
    if (moved.is && (await terraform.differs())) throw stateMoved(folder, planned, moved.to);
    if (!moved.is && planned.hasChanges) {
      const found = await fileDigest(planned.file);
      if (found !== planned.digest) {
        throw fail(coreErrors, "TERRAFORM_PLAN_CHANGED", { file: planned.file, expected: planned.digest, found });
      }
      await terraform.apply(planned.file);
    }
    const done = await outcome(terraform, planned, folder);
    // It holds the values of variables in the clear.
    await rm(planned.file, { force: true });
    return done;
  };

  const observe = async (given: JsonObject, call: StepCall): Promise<StepObservation> => {
    const { input, planned, terraform, moved } = await begin(given, call);
    if (planned.hasChanges && !moved.is) return { status: "absent" };
    if (moved.is && (await terraform.differs())) return { status: "failed", reason: stateMoved(input.folder, planned, moved.to).message };
    return { status: "applied", output: await outcome(terraform, planned, input.folder) };
  };

  const undo = async (given: JsonObject, call: StepCall): Promise<void> => {
    const planned = plannedChanges.parse(given["plan"]);
    await applyPrevious({ settings, context, input: readTerraformInput(given), call }, planned);
  };

  return {
    id: "apply",
    stage: settings.stage,
    // It comes after the plan, which is made there.
    order: settings.stage === "preflight" ? "last" : settings.order,
    approval: approvalTo("plan", settings.approval),
    description: `apply the planned changes of ${settings.folder}`,
    get input() {
      return { ...terraformInput(settings), plan: { $output: `${context.name}.plan` } };
    },
    idempotency: "keyed",
    timeout: settings.timeout,
    observeTimeout: settings.timeout,
    settle: `${settings.grace + 1_000}ms`,
    run,
    observe,
    ...(settings.previous === undefined ? { reversibility: "leave" } : { reversibility: "undo", undo }),
  };
}

/** Whether the state is another one than the plan was made for: then it was applied, in part or in whole, or somebody else was there. */
async function movedFrom(
  terraform: TerraformProgram,
  { state }: PlannedChanges,
): Promise<{ readonly is: boolean; readonly to: StateVersion }> {
  const to = await terraform.state();
  return { is: to.serial !== state.serial || to.lineage !== state.lineage, to };
}

function stateMoved(folder: string, planned: PlannedChanges, to: StateVersion): Error {
  const changes = "there is still something to change";
  return fail(coreErrors, "TERRAFORM_STATE_MOVED", { folder, planned: stateText(planned.state), found: stateText(to), changes });
}
