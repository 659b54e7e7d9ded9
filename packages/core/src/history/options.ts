import type { DeployedRelease } from "../contract/deployment-events.js";
import { openGates, stepAsked, type DeploymentState, type Phase } from "../machine/index.js";
import type { Explanation } from "./explanation.js";

type Options = Explanation["options"];
type Of = (state: DeploymentState, serving: DeployedRelease | undefined) => Options;

/** What a person can do now. */
export function optionsOf(state: DeploymentState, serving: DeployedRelease | undefined): Options {
  return byPhase[state.phase](state, serving);
}

const stop = ({ id }: DeploymentState, does = "stops it; nothing has been done yet"): Options => [{ command: `abort ${id}`, does }];

const underWay: Of = (state) => {
  const { id, plan, pause, parked } = state;
  return [
    ...(stepAsked(state) !== undefined
      ? [
          { command: `approve ${id}`, does: "agrees, so that it goes on" },
          { command: `reject ${id}`, does: "refuses: what was begun is taken back" },
        ]
      : []),
    ...(pause === null ? [] : [{ command: `resume ${id}`, does: "lets it go on" }]),
    ...(openGates(state).length > 0 ? [{ command: `advance ${id}`, does: "leaves the gate that it is in" }] : []),
    ...stop(state, "stops it: what was begun is taken back"),
    ...(parked === null ? [{ command: `recover ${plan.environment}`, does: "goes on with it where nobody drives it" }] : []),
  ];
};

const tryAgain: Of = ({ id, plan }) => [
  { command: `logs ${id}`, does: "shows what its steps said" },
  { command: `deploy ${plan.environment}`, does: "deploys again, once what failed is mended" },
];

const again: Of = ({ plan }) => [{ command: `deploy ${plan.environment}`, does: "deploys again" }];

const attentionWords: Readonly<Record<string, string>> = {
  retry: "tries what failed again",
  "take-back": "takes back what can be taken back, although the plan does not say that this is safe",
  abandon: "gives it up, leaves what serves as it is and frees the environment",
};

const byPhase: Readonly<Record<Phase, Of>> = {
  queued: (state) => stop(state),
  awaiting_approval: (state) => [
    { command: `approve ${state.id}`, does: "agrees" },
    { command: `reject ${state.id}`, does: "refuses; one refusal is enough" },
    ...stop(state),
  ],
  held: (state) => [{ command: `release ${state.id} --reason "…"`, does: "lets it begin all the same" }, ...stop(state)],
  running: underWay,
  rolling_back: ({ plan }) => [{ command: `recover ${plan.environment}`, does: "goes on with it where nobody drives it" }],
  needs_attention: ({ id, attention }) => [
    { command: `logs ${id}`, does: "shows what its steps said" },
    ...(attention?.options ?? []).map((option) => ({
      command: option === "retry" ? `retry ${id}` : `${option} ${id} --reason "…"`,
      does: attentionWords[option] ?? option,
    })),
  ],
  succeeded: ({ plan }, serving) =>
    serving?.release.id === plan.release.id && plan.previousRelease !== undefined
      ? [{ command: `rollback ${plan.environment}`, does: "puts an earlier release back" }]
      : [{ command: `status ${plan.environment}`, does: "asks the targets what serves now" }],
  rolled_back: (state, serving) => (state.rollback?.cause === "abort" ? again : tryAgain)(state, serving),
  failed: tryAgain,
  cancelled: again,
  superseded: ({ supersededBy }) =>
    supersededBy === null ? [] : [{ command: `explain ${supersededBy}`, does: "tells what became of the newer one" }],
  rejected: again,
  expired: again,
  abandoned: ({ id, plan }) => [
    { command: `status ${plan.environment}`, does: "asks the targets what serves now" },
    { command: `logs ${id}`, does: "shows what its steps said" },
    { command: `deploy ${plan.environment}`, does: "deploys again" },
  ],
};
