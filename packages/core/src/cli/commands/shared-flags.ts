import type { FlagParametersForType } from "@stricli/core";
import type { CliContext } from "../command.js";

const text = (brief: string, placeholder: string) =>
  ({ kind: "parsed", parse: (input: string) => input, brief, placeholder, optional: true }) as const;

/** Flags of commands that somebody answers for. */
export interface ActorFlags {
  readonly reason?: string;
  readonly actor?: string;
}

export const actorFlags: FlagParametersForType<ActorFlags, CliContext> = {
  reason: text("Why; kept in the history", "text"),
  actor: text("Who; else from CI, git or the system", "name"),
};

/** Flags of commands that nobody may give without a reason. */
export interface ReasonedFlags extends ActorFlags {
  readonly reason: string;
}

export const reasonFlag = {
  kind: "parsed",
  parse: (input: string) => input,
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
