import type { FlagParametersForType } from "@stricli/core";
import { fail } from "../../errors/fairlead-error.js";
import { cliErrors } from "../cli-errors.js";
import type { CliContext } from "../command.js";

const text = (brief: string, placeholder: string) => ({ kind: "parsed", parse: said, brief, placeholder, optional: true }) as const;

/** One that may be empty, as a variable that is not set leaves it in `--reason="$MESSAGE"`: then it counts as not given. */
const emptyText = (brief: string, placeholder: string) =>
  ({ ...text(brief, placeholder), parse: (input: string) => input.trim() }) as const;

/** An empty key would be the same for all, an empty name of a release nobody's. */
function said(input: string): string {
  if (input.trim() !== "") return input;
  throw fail(cliErrors, "CLI_USAGE_INVALID", { problem: "It is empty.", help: "--help" });
}

/** Flags of commands that somebody answers for. */
export interface ActorFlags {
  readonly reason?: string;
  readonly actor?: string;
}

export const actorFlag = emptyText("Who; else from CI, git or the system", "name");

export const actorFlags: FlagParametersForType<ActorFlags, CliContext> = {
  reason: emptyText("Why; kept in the history", "text"),
  actor: actorFlag,
};

/** Flags of commands that nobody may give without a reason. */
export interface ReasonedFlags extends ActorFlags {
  readonly reason: string;
}

export const reasonFlag = {
  kind: "parsed",
  parse: said,
  brief: "Why; kept in the history",
  placeholder: "text",
} as const;

export interface DetailFlags {
  readonly detailedExitCode?: boolean;
}

export const detailFlags: FlagParametersForType<DetailFlags, CliContext> = {
  detailedExitCode: { kind: "boolean", brief: "End with 7 if there is nothing to do", optional: true },
};

export { text as textFlag };

export const environmentBrief = "Its name; not needed where there is one";
export const deploymentBrief = "Its id, or the environment it is of";
