import type { HoldSpec, ShareSpec, StrategySpec } from "../strategies/spec.js";
import { toMilliseconds } from "../time/duration.js";
import { analysisSpec } from "./analysis-options.js";
import type { CanaryStrategy, Hold, Strategy } from "./strategy.js";

/** Most judgements that are wrong about a release that is no worse. */
const falseAlarm = 0.01;

/** Fills in the defaults. The options have been checked; `sources` are the plugins that provide metrics. */
export function strategySpec(strategy: Strategy, sources: readonly string[]): StrategySpec {
  switch (strategy.kind) {
    case "direct":
      return strategy;
    case "canary":
      return { kind: "canary", steps: sharesOf(strategy, sources) };
    case "blueGreen": {
      const { preview, standby } = strategy;
      return { kind: "blueGreen", preview: preview && holdSpec(preview), standby: standby && toMilliseconds(standby) };
    }
  }
}

/** Every share is judged anew and as long as it stays; a false alarm in any of them is no likelier than it may be in one. */
function sharesOf({ steps, analysis }: CanaryStrategy, sources: readonly string[]): readonly ShareSpec[] {
  return steps.map((step) => ({
    weight: step.weight,
    hold: holdSpec(step),
    analysis:
      analysis &&
      analysisSpec(
        { ...analysis, for: "for" in step ? step.for : analysis.for, falseAlarm: (analysis.falseAlarm ?? falseAlarm) / steps.length },
        sources,
      ),
  }));
}

function holdSpec(hold: Hold): HoldSpec {
  return "for" in hold ? toMilliseconds(hold.for) : null;
}
