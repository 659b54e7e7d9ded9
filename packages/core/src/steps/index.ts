export { command } from "./command/command.js";
export type { CommandLine, CommandOptions } from "./command/command-options.js";
