import { defineErrors, error } from "./definition.js";

/** What goes wrong where people have to agree. Part of `coreErrors`. */
export const approvalErrors = defineErrors({
  APPROVAL_REJECTED: error<{ step: string; actor: string; reason: string | null }>({
    status: 409,
    retryable: false,
    message: ({ actor, reason }) => `${actor} refused${reason === null ? "." : `: ${reason}`}`,
    hint: () => "Talk to them, then deploy again.",
  }),
  APPROVAL_EXPIRED: error<{ step: string; required: number; approvers: readonly string[] }>({
    status: 408,
    retryable: false,
    message: ({ required, approvers }) => `Of ${String(required)} who had to agree, ${String(approvers.length)} did in time.`,
    hint: () => "Deploy again when they can be asked, or give them longer with `approvals.expiresAfter`.",
  }),
  APPROVAL_STALE: error<{ deploymentId: string; environment: string; shown: string; asked: string }>({
    status: 409,
    retryable: false,
    message: ({ deploymentId, shown, asked }) =>
      `What people are asked about ${deploymentId} is ${asked} now, not ${shown}: the word is void.`,
    hint: ({ environment }) => `It was planned anew, or another step asks. Look at it with \`status ${environment}\`, then say so again.`,
  }),
  APPROVAL_TOO_EARLY: error<{ step: string; to: string }>({
    status: 500,
    retryable: false,
    message: ({ step, to }) => `${step} asks people to agree to what ${to} answers, and no step of that name comes before it.`,
    hint: () => "Name a step of the same plugin in `approval.to`, in an earlier stage or earlier in its list.",
  }),
});
