import { toMilliseconds } from "../time/duration.js";
import type { Hold, Strategy } from "./strategy.js";

/** In milliseconds; `null`: until a person advances. */
export type HoldSpec = number | null;

/** A strategy with every default filled in. */
export type StrategySpec =
  | { readonly kind: "direct" }
  | { readonly kind: "canary"; readonly steps: readonly { readonly weight: number; readonly hold: HoldSpec }[] }
  | { readonly kind: "blueGreen"; readonly preview: HoldSpec | undefined; readonly standby: number | undefined };

export function strategySpec(strategy: Strategy = { kind: "direct" }): StrategySpec {
  switch (strategy.kind) {
    case "direct":
      return strategy;
    case "canary":
      return { kind: "canary", steps: strategy.steps.map((step) => ({ weight: step.weight, hold: holdSpec(step) })) };
    case "blueGreen": {
      const { preview, standby } = strategy;
      return { kind: "blueGreen", preview: preview && holdSpec(preview), standby: standby && toMilliseconds(standby) };
    }
  }
}

function holdSpec(hold: Hold): HoldSpec {
  return "for" in hold ? toMilliseconds(hold.for) : null;
}
