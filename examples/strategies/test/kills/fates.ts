import type { CandidateCheck } from "@fairlead/core";
import { createEdgeApi } from "../../edge/edge-api.ts";
import type { StrategyName } from "../../shop.ts";
import type { Fate, Scene } from "./messages.ts";

/** The fates that differ for a strategy: where nothing is ever shared there is one way to be unwell. */
export const fatesOf: Readonly<Record<StrategyName, readonly Fate[]>> = {
  direct: ["stays", "unwell when serving"],
  "blue-green": ["stays", "unwell while shared", "unwell when serving"],
  canary: ["stays", "unwell while shared", "unwell when serving"],
  rolling: ["stays", "unwell while shared", "unwell when serving"],
};

/** Users of `shop:2`, who find it unwell when its time has come. What they say depends on the edge alone, so that it is the same whoever asks. */
export function usersOf({ fate, strategy, edge }: Scene): CandidateCheck {
  const api = createEdgeApi(edge.url, edge.token);
  return {
    scope: "candidate",
    name: "users",
    async run({ candidate, live, release, ...component }, call) {
      if (fate === "stays") return { status: "up" };
      const isUnwell =
        strategy === "rolling"
          ? live && component.component === (fate === "unwell while shared" ? "web-america" : "web-asia")
          : fate === "unwell when serving"
            ? live
            : ((await api.read(component, call)).weights[candidate.id] ?? 0) >= 50;
      return { status: isUnwell ? "down" : "up" };
    },
  };
}
