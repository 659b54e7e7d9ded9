import { rm } from "node:fs/promises";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";
import { makePlan, planFile } from "./plan-step.js";
import { destroyedBy } from "./plan-summary.js";
import { stateText, type PlannedChanges } from "./terraform-input.js";
import { terraformIn, type TerraformWork } from "./terraform-program.js";

/**
 * The way back: plans and applies the configuration of the release before on the same state. What this deployment has created may be destroyed by it; anything else only with `allowDestroy`.
 * Does nothing where nothing was applied, and nothing more when it is called again.
 */
export async function applyPrevious(work: TerraformWork, applied: PlannedChanges): Promise<void> {
  const { settings, context, call } = work;
  if (!applied.hasChanges) return;
  const input = { ...work.input, folder: settings.previous ?? work.input.folder };
  const now = await terraformIn(work);
  await now.init();
  const before = await now.state();
  if (before.serial === applied.state.serial && before.lineage === applied.state.lineage) return;

  const previous = await terraformIn({ ...work, input });
  await previous.init();
  const found = await previous.state();
  if (found.lineage !== before.lineage) {
    const states = { expected: stateText(before), found: stateText(found) };
    throw fail(coreErrors, "TERRAFORM_STATE_DIFFERS", { folder: input.folder, ...states });
  }
  const file = `${await planFile({ settings, context, call })}.back`;
  try {
    const planned = await makePlan(previous, file, call);
    const created = new Set(applied.resources.filter(({ action }) => action === "create").map(({ address }) => address));
    const destroyed = settings.allowDestroy ? [] : destroyedBy(planned).filter((address) => !created.has(address));
    if (destroyed.length > 0) throw fail(coreErrors, "TERRAFORM_DESTROYS", { folder: input.folder, addresses: destroyed });
    if (planned.hasChanges) await previous.apply(file);
  } finally {
    await rm(file, { force: true });
  }
}
