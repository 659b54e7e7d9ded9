import { expect, test } from "vitest";
import { approversOf, digestAsked, rejectionOf } from "./approval.js";
import type { DeploymentState } from "./state.js";

/** A deployment that asks about what `infra.plan` has answered. */
function asking(output: string, words: Partial<Pick<DeploymentState, "approvals" | "rejections">> = {}): DeploymentState {
  const gate = { id: "infra.apply.approval", operation: "gate.approval", input: { required: 1, to: { $output: "infra.plan" } } };
  return {
    approvals: [],
    rejections: [],
    ...words,
    plan: { digest: "sha256:plan", groups: [{ stage: "provision", steps: [gate] }] },
    steps: { "infra.plan": { forward: { status: "succeeded", attempt: 1, output: { digest: output } } } },
  } as unknown as DeploymentState;
}

const word = (digest: string) => ({ actor: { name: "bea", via: "cli" }, reason: null, step: "infra.apply.approval", digest }) as const;

test("what was said about one answer says nothing about another", () => {
  const said = [word(digestAsked(asking("sha256:1"), "infra.apply.approval"))];
  expect(approversOf(asking("sha256:1", { approvals: said }), "infra.apply.approval")).toEqual(["bea"]);
  expect(approversOf(asking("sha256:2", { approvals: said }), "infra.apply.approval")).toEqual([]);
  expect(rejectionOf(asking("sha256:1", { rejections: said }), "infra.apply.approval")).toMatchObject({ actor: { name: "bea" } });
  expect(rejectionOf(asking("sha256:2", { rejections: said }), "infra.apply.approval")).toBeUndefined();
  expect(approversOf(asking("sha256:1", { approvals: [word("sha256:plan")] }), "infra.apply.approval")).toEqual([]);
});
