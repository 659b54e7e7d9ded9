import { definePlugin } from "../../contract/define-plugin.js";
import type { PluginFactory } from "../../contract/plugin.js";
import { commandOptions, type CommandOptions } from "./command-options.js";
import { commandStep } from "./command-step.js";

/**
 * A program as a step of a deployment: `command({ name: "assets", stage: "provision", run: ["node", "upload.mjs"], idempotency: "natural", reversibility: "leave" })`. Give each a `name`.
 *
 * It runs in a process group of its own, which is ended as a whole at its deadline, on an abort, and when the deploying process dies. Its output is masked, logged line by line, and kept
 * with the deployment as far as there is room. Linux and macOS.
 */
export const command: PluginFactory<"command", "steps", CommandOptions> = definePlugin({
  id: "command",
  provides: ["steps"],
  options: commandOptions,
  setup: (settings, context) => ({ steps: [commandStep(settings, context)] }),
});
