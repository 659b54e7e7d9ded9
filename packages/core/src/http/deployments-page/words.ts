import type { StepFate } from "../../history/index.js";
import { html, type Html } from "../../status/page/html.js";
import type { DeploymentStatus } from "../deploy/schemas.js";

/** A colour of the page by its letter: well, under way, waiting, taken back, bad, nothing. */
type Colour = "o" | "m" | "d" | "p" | "x" | "n";

const phases: Readonly<Record<DeploymentStatus["phase"], readonly [words: string, colour: Colour]>> = {
  requested: ["Asked for", "d"],
  refused: ["Refused", "x"],
  queued: ["Waits for its turn", "d"],
  awaiting_approval: ["Waits for approval", "d"],
  held: ["Held", "d"],
  running: ["Running", "m"],
  rolling_back: ["Being taken back", "p"],
  needs_attention: ["Needs a person", "x"],
  succeeded: ["Succeeded", "o"],
  rolled_back: ["Rolled back", "p"],
  failed: ["Failed", "x"],
  cancelled: ["Cancelled", "n"],
  superseded: ["Superseded", "n"],
  rejected: ["Rejected", "n"],
  expired: ["Expired", "n"],
  abandoned: ["Abandoned", "x"],
};

/** The phase of a deployment, in words and with its colour. */
export function badge(phase: DeploymentStatus["phase"]): Html {
  const [words, colour] = phaseWords(phase);
  return html`<b class="s ${colour}">${words}</b>`;
}

export function phaseWords(phase: DeploymentStatus["phase"]): readonly [words: string, colour: Colour] {
  return phases[phase];
}

const kinds: Readonly<Record<DeploymentStatus["kind"], string>> = { deploy: "Deployment", rollback: "Rollback", adopt: "Adoption" };

export function kindWords(kind: DeploymentStatus["kind"]): string {
  return kinds[kind];
}

export const fates: Readonly<Record<StepFate, readonly [words: string, colour: Colour]>> = {
  done: ["Done", "o"],
  "taken-back": ["Taken back", "p"],
  stays: ["Stays", "n"],
  failed: ["Failed", "x"],
  stopped: ["Stopped", "p"],
  "not-taken-back": ["Could not be taken back", "x"],
  waiting: ["Waiting", "d"],
  running: ["Running", "m"],
  unknown: ["Not known yet", "d"],
  "not-begun": ["Not begun", "n"],
};
