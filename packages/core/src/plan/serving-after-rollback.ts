import type { Plan } from "../contract/plan.js";

/** What serves when everything that a plan did has been taken back, in words. */
export function servingAfterRollback({ previousRelease, components }: Pick<Plan, "previousRelease" | "components">): string {
  if (previousRelease !== undefined) return "the release before serves";
  return components.some(({ previous }) => previous !== undefined)
    ? "what served before serves"
    : "nothing served before, and nothing does now";
}
