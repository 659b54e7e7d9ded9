import { defer } from "../engine/deferral.js";
import type { OperationHandler } from "../engine/operation.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import type { Json } from "../json/json.js";
import { summaryOf } from "../machine/index.js";

/** Waits until enough people have agreed; one who refuses ends it, and so does the time. Time in which the deployment is paused does not count. */
export const approvalGate: OperationHandler = {
  async run({ step, input, clock, waited }) {
    const required = numberOf(input["required"]);
    const { approvers, rejection, pausedFor } = waited;
    const { to } = input;
    if (saysNothingToDo(to)) return { approvers: [] };
    if (rejection !== undefined) throw fail(coreErrors, "APPROVAL_REJECTED", { step: step.id, ...rejection });
    if (approvers.length >= required) return { approvers };
    const { since, pausedBefore } = begunOf(waited.memo) ?? { since: clock.now(), pausedBefore: pausedFor };
    const until = since + numberOf(input["expiresAfter"]) + pausedFor - pausedBefore;
    if (clock.now() >= until) throw fail(coreErrors, "APPROVAL_EXPIRED", { step: step.id, required, approvers });
    const [what] = summaryOf(to);
    const reason = `${String(approvers.length)} of ${String(required)} have agreed${what === undefined ? "" : ` to: ${what}`}`;
    return defer({ waitingFor: "approval", reason, until, memo: { since, pausedBefore } });
  },
  observe: () => Promise.resolve({ status: "absent" }),
};

/** Nobody is asked to agree to nothing. */
function saysNothingToDo(answer: Json | undefined): boolean {
  return typeof answer === "object" && answer !== null && "hasChanges" in answer && answer["hasChanges"] === false;
}

function begunOf(memo: unknown): { readonly since: number; readonly pausedBefore: number } | undefined {
  if (typeof memo !== "object" || memo === null || !("since" in memo) || !("pausedBefore" in memo)) return undefined;
  return { since: numberOf(memo.since), pausedBefore: numberOf(memo.pausedBefore) };
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
