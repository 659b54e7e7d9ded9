import { definePlugin } from "../../contract/define-plugin.js";
import type { PluginFactory } from "../../contract/plugin.js";
import { applyStep } from "./apply-step.js";
import { planStep } from "./plan-step.js";
import { terraformOptions, type TerraformOptions } from "./terraform-options.js";

/**
 * Terraform or OpenTofu as two steps of a deployment: `terraform({ folder: "infra" })`. `plan` makes a plan in `preflight`, shows it and refuses what it may not do; `apply` applies exactly that
 * file, and nothing if it is gone, was changed, or the state has moved since.
 *
 * Terraform takes nothing back: a rollback leaves what was applied, unless `previous` names a configuration to go back to.
 */
export const terraform: PluginFactory<"terraform", "steps", TerraformOptions> = definePlugin({
  id: "terraform",
  provides: ["steps"],
  options: terraformOptions,
  setup: (settings, context) => ({ steps: [planStep(settings, context), applyStep(settings, context)] }),
});
