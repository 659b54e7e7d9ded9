export type * from "./backup.js";
export type * from "./call.js";
export type * from "./check.js";
export { definePlugin, type PluginDefinition } from "./define-plugin.js";
export { defineStep } from "./define-step.js";
export type * from "./deployment-events.js";
export type * from "./flags.js";
export type * from "./metrics.js";
export type * from "./migrator.js";
export type * from "./notifier.js";
export type * from "./plan.js";
export type * from "./plugin.js";
export {
  definePluginCommand,
  type CommandFlag,
  type CommandFlags,
  type CommandOutcome,
  type CommandReporter,
  type CommandStyle,
  type CommandSubject,
  type FlagValues,
  type PluginCommand,
  type PluginCommandCall,
  type PluginCommandDefinition,
  type PluginCommands,
} from "./plugin-command.js";
export type * from "./release.js";
export type * from "./secret-source.js";
export type * from "./standard-schema.js";
export type * from "./step.js";
export type * from "./store.js";
export type * from "./target.js";
export type * from "./traffic.js";
