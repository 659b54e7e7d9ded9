import { chmod, readdir, rm } from "node:fs/promises";
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { PluginContext } from "../../contract/plugin.js";
import type { StepCall, StepDefinition } from "../../contract/step.js";
import { coreErrors } from "../../errors/core-errors.js";
import { fail } from "../../errors/fairlead-error.js";
import { shownLines } from "../program/shown-lines.js";
import { folderDigest } from "./folder-digest.js";
import { destroyedBy, planLines } from "./plan-summary.js";
import { readTerraformInput, terraformInput, type PlannedChanges } from "./terraform-input.js";
import type { TerraformSettings } from "./terraform-options.js";
import { fileDigest, terraformIn, workFolderOf, type TerraformProgram } from "./terraform-program.js";

type Context = Pick<PluginContext, "name" | "clock" | "redact">;

/** Makes the plan, shows it, and refuses what it may not do. Changes nothing but the plan's file. */
export function planStep(settings: TerraformSettings, context: Context): StepDefinition {
  return {
    id: "plan",
    stage: "preflight",
    description: `plan the changes of ${settings.folder}`,
    get input() {
      return terraformInput(settings);
    },
    effect: false,
    idempotency: "natural",
    reversibility: "leave",
    timeout: settings.timeout,
    settle: `${settings.grace + 1_000}ms`,
    run: async (given, call) => {
      const input = readTerraformInput(given);
      if (folderDigest(input.folder) !== input.digest) throw fail(coreErrors, "TERRAFORM_FOLDER_CHANGED", { folder: input.folder });
      const terraform = await terraformIn({ settings, context, input, call });
      await terraform.init();
      const file = await planFile({ settings, context, call });
      const planned = await makePlan(terraform, file, call);
      const destroyed = input.allowDestroy ? [] : destroyedBy(planned);
      if (destroyed.length > 0) {
        await removePlans({ settings, context, call });
        throw fail(coreErrors, "TERRAFORM_DESTROYS", { folder: input.folder, addresses: destroyed });
      }
      await removePlans({ settings, context, call }, file);
      return planned;
    },
  };
}

/** Plans into a file, tells what it would do, and answers it with all that its application is bound to. */
export async function makePlan(terraform: TerraformProgram, file: string, { log }: StepCall): Promise<PlannedChanges> {
  const state = await terraform.state();
  const hasChanges = await terraform.plan(file);
  // It holds the values of variables in the clear, and the program lets everybody read it.
  await chmod(file, 0o600);
  const summary = await terraform.show(file);
  const lines = planLines(summary);
  for (const line of lines) log.info(line);
  const { add, change, destroy, resources, outputs } = summary;
  return {
    file,
    digest: await fileDigest(file),
    hasChanges,
    add,
    change,
    destroy,
    resources: [...resources],
    outputs: [...outputs],
    summary: [...shownLines(lines)],
    state,
  };
}

/** Only one deployment of an environment is under way: plans that others have left behind will not be applied any more, and hold values in the clear. */
async function removePlans(work: Parameters<typeof planFile>[0], except?: string): Promise<void> {
  const folder = await workFolderOf(work);
  const files = (await readdir(folder)).filter((name) => /\.tfplan(\.back)?$/.test(name)).map((name) => join(folder, name));
  await Promise.all(files.filter((file) => file !== except).map((file) => rm(file, { force: true })));
}

/** Where the plan of this step of this deployment is. */
export async function planFile(work: {
  readonly settings: TerraformSettings;
  readonly context: Context;
  readonly call: StepCall;
}): Promise<string> {
  const name = createHash("sha256").update(work.call.idempotencyKey).digest("hex").slice(0, 24);
  return join(await workFolderOf(work), `${name}.tfplan`);
}
