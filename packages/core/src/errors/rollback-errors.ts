import { defineErrors, error } from "./definition.js";

/** What keeps an environment from going back, or from leaving what it went back to. */
export const rollbackErrors = defineErrors({
  ROLLBACK_NO_TARGET: error<{ environment: string; tried: readonly string[] }>({
    status: 409,
    retryable: false,
    message: ({ environment, tried }) =>
      tried.length === 0
        ? `${environment} has no earlier release that is still retained.`
        : `None of the retained releases of ${environment} answered its probe: ${tried.join("; ")}.`,
    hint: () => "What serves now is left as it is. Deploy a release that works, or name one with `--to`.",
  }),
  ROLLBACK_OUTSIDE_WINDOW: error<{ environment: string; release: string; reason: string; choices: readonly string[] }>({
    status: 409,
    retryable: false,
    message: ({ environment, release, reason, choices }) =>
      `${environment} does not go back to ${release}: ${reason} Within the window: ${choices.length === 0 ? "none" : choices.join(", ")}.`,
    hint: ({ choices }) =>
      choices.length === 0
        ? "Deploy that version again, or widen `rollback` of the environment."
        : "Name one of these with `--to`, deploy that version again, or widen `rollback` of the environment.",
  }),
  ROLLBACK_SERVING_CHANGED: error<{ environment: string; expected: string; serving: string }>({
    status: 409,
    retryable: false,
    message: ({ environment, expected, serving }) =>
      `What serves in ${environment} has changed: it was to go back from ${expected}, and ${serving} serves now.`,
    hint: () => "Nothing was done. Look again at what serves, and ask again if going back is still what is meant.",
  }),
  ENVIRONMENT_PINNED: error<{ environment: string; release: string; deploymentId: string; actor: string; reason: string | null }>({
    status: 409,
    retryable: false,
    message: ({ environment, release, deploymentId, actor, reason }) =>
      `${actor} rolled ${environment} back to ${release} (${deploymentId})${reason === null ? "" : `: ${reason}`}. Until somebody deploys explicitly, nothing that began by itself replaces it.`,
    hint: () => "Deploy explicitly: with `--unpin`, or from your own machine. `unpin` ends it without a deployment.",
  }),
});
