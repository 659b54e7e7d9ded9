import type { HoldSpec, ShareSpec, StrategySpec } from "../strategies/spec.js";
import { toMilliseconds } from "../time/duration.js";
import { analysisSpec, type AnalysisSources } from "./analysis-options.js";
import type { CanaryStrategy, Hold, Percentage, Strategy } from "./strategy.js";

/** Most judgements that are wrong about a release that is no worse. */
const falseAlarm = 0.01;

/** Fills in the defaults. The options have been checked; `places` says in how many the component runs. */
export function strategySpec(strategy: Strategy, { places, ...sources }: AnalysisSources & { readonly places: number }): StrategySpec {
  switch (strategy.kind) {
    case "direct":
      return strategy;
    case "canary":
      return { kind: "canary", steps: sharesOf(strategy, sources) };
    case "rolling": {
      const { batch = 1, watch = "10s", failures = 0, onFailure = "take-back" } = strategy;
      const most = Math.max(1, Math.ceil(countOf(batch, places)));
      return { kind: "rolling", batch: most, watch: toMilliseconds(watch), failures: Math.floor(countOf(failures, places)), onFailure };
    }
    case "blueGreen": {
      const { preview, standby } = strategy;
      return { kind: "blueGreen", preview: preview && holdSpec(preview), standby: standby && toMilliseconds(standby) };
    }
  }
}

/** Every share is judged anew and as long as it stays; a false alarm in any of them is no likelier than it may be in one. */
function sharesOf({ steps, analysis }: CanaryStrategy, sources: AnalysisSources): readonly ShareSpec[] {
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

function countOf(amount: number | Percentage, places: number): number {
  return typeof amount === "number" ? amount : (Number.parseFloat(amount) * places) / 100;
}

function holdSpec(hold: Hold): HoldSpec {
  return "for" in hold ? toMilliseconds(hold.for) : null;
}
