import { exitTable, type ExitCode } from "./exit-codes.js";

interface Prelude {
  readonly version: string;
  readonly command: string | null;
  readonly application: string;
  readonly environment: string | null;
  /** ISO 8601. */
  readonly at: string;
}

/** Members of the first of the JSON lines. */
export function preludeOf(prelude: Prelude): object {
  return { tool: "@fairlead/core", ...prelude };
}

interface Summary {
  readonly command: string | null;
  /** In milliseconds. */
  readonly duration: number;
  readonly deployments: readonly string[];
  readonly next: readonly string[];
}

/** Members of the last of the JSON lines. */
export function summaryOf(exitCode: ExitCode, summary: Summary): object {
  return { ...summary, exitCode, meaning: exitTable.find((row) => row.exitCode === exitCode)?.meaning ?? "error" };
}
