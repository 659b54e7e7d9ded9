import { defineDecision } from "./decision.js";
import { reasonFlag, textFlag, type ReasonedFlags } from "./shared-flags.js";

interface WordFlags {
  readonly digest?: string;
}

const wordFlags = { digest: textFlag("Of what was shown: void where that has changed", "digest") } as const;

const shownIn = ({ digest }: WordFlags): WordFlags => (digest === undefined ? {} : { digest });

export const approveCommand = defineDecision<WordFlags>({
  name: "approve",
  brief: "Agree to a deployment that waits for approval",
  description:
    "Counts for the plan as it is: should it change before the deployment begins, people are asked again. With the digest that plan and status show it is void where what they showed has changed.",
  examples: ["approve production", "approve production --digest 5482b907", 'approve production --reason "seen in staging"'],
  phases: ["awaiting_approval", "running"],
  done: "approved",
  flags: wordFlags,
  decide: (deployer, input, flags) => deployer.approve({ ...input, ...shownIn(flags) }),
});

export const rejectCommand = defineDecision<WordFlags>({
  name: "reject",
  brief: "Refuse a deployment that waits for approval",
  description: "One refusal is enough. What has not begun ends rejected; what has is taken back by whoever drives it.",
  examples: ['reject production --reason "not before the fair"'],
  phases: ["awaiting_approval", "running"],
  done: "rejected",
  flags: wordFlags,
  decide: (deployer, input, flags) => deployer.reject({ ...input, ...shownIn(flags) }),
});

export const pauseCommand = defineDecision({
  name: "pause",
  brief: "Let no further step of a deployment begin",
  description: "What runs goes on. Nothing new begins, and no time passes for gates that wait, until it is resumed.",
  examples: ['pause production --reason "looking at the error rate"'],
  phases: ["running"],
  done: "paused",
  flags: {},
  decide: (deployer, input) => deployer.pause(input),
});

export const resumeCommand = defineDecision({
  name: "resume",
  brief: "Let a deployment that was paused go on",
  description: "Ends the pause. To go on after a crash, use recover.",
  examples: ["resume production"],
  phases: ["running"],
  done: "resumed",
  flags: {},
  decide: (deployer, input) => deployer.resume(input),
});

export const releaseCommand = defineDecision<Pick<ReasonedFlags, "reason">>({
  name: "release",
  brief: "Let a deployment begin although it is held",
  description:
    "By a freeze, by a rollback that pinned the environment since, or because another application does not serve what is required. For this deployment only; for others all of it stays. The reason is kept in the history.",
  examples: ['release production --reason "mends the checkout"'],
  phases: ["held"],
  done: "released",
  flags: { reason: reasonFlag },
  decide: (deployer, input, { reason }) => deployer.release({ ...input, reason }),
});

export const advanceCommand = defineDecision({
  name: "advance",
  brief: "Leave the gates that a deployment is in",
  description: "As if they had been passed. Preflight and verification are never left.",
  examples: ['advance production --reason "the numbers are good"'],
  phases: ["running"],
  done: "advanced",
  flags: {},
  decide: (deployer, input) => deployer.advance(input),
});

export const advanceAllCommand = defineDecision({
  name: "advance-all",
  brief: "Leave all gates of a deployment, now and later",
  description: "No wait, no bake, no analysis any more. Preflight and verification are never left.",
  examples: ['advance-all production --reason "outage of the old release"'],
  phases: ["running"],
  done: "advanced through all gates",
  flags: {},
  decide: (deployer, input) => deployer.advanceAll(input),
});
