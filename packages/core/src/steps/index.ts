export { command } from "./command/command.js";
export type { CommandLine, CommandOptions } from "./command/command-options.js";
export { terraform } from "./terraform/terraform.js";
export type { TerraformOptions } from "./terraform/terraform-options.js";
