export { command } from "./command/command.js";
export type { CommandLine, CommandOptions } from "./command/command-options.js";
export { kubernetes } from "./kubernetes/kubernetes.js";
export type { KubernetesOptions } from "./kubernetes/kubernetes-options.js";
export { terraform } from "./terraform/terraform.js";
export type { TerraformOptions } from "./terraform/terraform-options.js";
