import type { JsonObject } from "../json/json.js";
import { defineErrors, error } from "./definition.js";

/** Why a gate does not let a release through. Part of `coreErrors`. */
export const gateErrors = defineErrors({
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
  VERIFICATION_FAILED: error<{ component: string; reason: string; samples: number }>({
    status: 409,
    retryable: false,
    message: ({ component, reason, samples }) => `${component} did not pass its verification: ${reason} (${String(samples)} samples).`,
    hint: () => "Nothing was moved to it. See `logs` for what the checks saw, and the candidate's own logs.",
  }),
  BAKE_FAILED: error<{ check: string; reason: string; samples: number }>({
    status: 409,
    retryable: false,
    message: ({ check, reason, samples }) => `While the release was watched, ${check} failed: ${reason} (${String(samples)} samples).`,
    hint: () => "See `logs` for what the check saw, and `status` for what serves now.",
  }),
  ANALYSIS_FAILED: error<{ step: string; text: string; judgement: JsonObject }>({
    status: 409,
    retryable: false,
    message: ({ text }) => text,
    hint: () => "Look at the queries that the judgement names, for this release and the one before; mend it, then deploy again.",
  }),
  ANALYSIS_INCONCLUSIVE: error<{ step: string; text: string; waited: string; judgement: JsonObject }>({
    status: 409,
    retryable: false,
    message: ({ text, waited }) => `${text} Nobody said within ${waited} that it may go on.`,
    hint: () =>
      "See that the release gets traffic and that the source of metrics answers, or watch it for longer; `advance` goes on while it waits, and `onInconclusive` says what happens otherwise.",
  }),
  SMOKE_FAILED: error<{ test: string; component: string; reason: string }>({
    status: 409,
    retryable: false,
    message: ({ test, component, reason }) => `${component} did not pass the smoke test ${test}: ${reason}`,
    hint: () => "See `logs` for what the test said; try it by hand against the candidate, mend it, then deploy again.",
  }),
  SMOKE_REQUEST_FAILED: error<{ request: string; problem: string }>({
    status: 409,
    retryable: false,
    message: ({ request, problem }) => `${request}: ${problem}.`,
    hint: () => "Make the request by hand, and compare what is answered with what the test expects.",
  }),
  SMOKE_UNKNOWN: error<{ test: string }>({
    status: 500,
    retryable: false,
    message: ({ test }) => `The plan has the smoke test ${test}, and the configuration of this process has no function of that name.`,
    hint: () => "Go on with the deployment from the configuration that it was begun with, or deploy anew.",
  }),
  REQUIREMENT_UNMET: error<{ application: string; environment: string; reason: string }>({
    status: 409,
    retryable: false,
    message: ({ reason }) => `What is required is not there: ${reason}.`,
    hint: ({ application, environment }) => `Deploy ${application} to ${environment} first, then deploy again; nothing has been touched.`,
  }),
});
