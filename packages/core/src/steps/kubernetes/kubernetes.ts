import { definePlugin } from "../../contract/define-plugin.js";
import type { PluginFactory } from "../../contract/plugin.js";
import { applyStep } from "./apply-step.js";
import { kubernetesOptions, type KubernetesOptions } from "./kubernetes-options.js";
import { planStep } from "./plan-step.js";

/**
 * Manifests of Kubernetes as two steps of a deployment: `kubernetes({ manifests: "k8s" })`. `plan` finds out in `preflight` what they would change, by a dry run at the server, and shows it;
 * `apply` makes these changes and no others, by server-side apply, waits until they are rolled out, and takes them back on a rollback. Secrets are refused.
 */
export const kubernetes: PluginFactory<"kubernetes", "steps", KubernetesOptions> = definePlugin({
  id: "kubernetes",
  provides: ["steps"],
  options: kubernetesOptions,
  setup: (settings, context) => ({ steps: [planStep(settings, context), applyStep(settings, context)] }),
});
