export { runCli } from "./run-cli.js";
export type { CliInput } from "./ask.js";
export type { CliOptions } from "./process.js";
export type { CliSignals } from "./interrupts.js";
export type { CliStream } from "./stream.js";
