import { createJudge } from "../../packages/core/dist/metrics.js";
import { isHigh } from "./mann-whitney.mjs";

const minute = 60_000;

/** Each rule is shown one minute after the other: for each metric the errors on the candidate and on the baseline. It answers whether it aborts now. */
export const rules = {
  /** The judge as it is shipped, with its defaults. It never passes early, so that it looks as often as it is let. */
  judge({ metrics, candidateRequests, baselineRequests }) {
    const names = Array.from({ length: metrics }, (_, index) => `metric ${index + 1}`);
    const judge = createJudge({ metrics: Object.fromEntries(names.map((name) => [name, {}])), for: "365d", falsePass: 0 });
    let state = judge.begin;
    return (at, counts) => {
      const measured = {};
      for (const [index, { candidate, baseline }] of counts.entries()) {
        const sides = {
          candidate: { requests: candidateRequests, events: candidate },
          baseline: { requests: baselineRequests, events: baseline },
        };
        measured[names[index]] = { kind: "counts", sides };
      }
      state = judge.step(state, { at: at * minute, metrics: measured });
      return state.decision?.verdict === "fail";
    };
  },

  /** A fixed threshold as in Argo Rollouts: a metric fails a look when its rate is above twice the baseline's true rate, and aborts when it has failed more than three looks. */
  threshold({ metrics, candidateRequests, rate }) {
    const failures = new Array(metrics).fill(0);
    return (_, counts) => {
      for (const [index, { candidate }] of counts.entries()) if (candidate / candidateRequests > 2 * rate) failures[index] += 1;
      return failures.some((count) => count > 3);
    };
  },

  /** Kayenta's Mann-Whitney rule on the errors of each of the last sixty minutes, looked at every five minutes; a metric that is High aborts, as a critical one does. */
  kayenta({ metrics }) {
    const values = Array.from({ length: metrics }, () => ({ candidate: [], baseline: [] }));
    return (at, counts) => {
      for (const [index, { candidate, baseline }] of counts.entries()) {
        const { candidate: x, baseline: y } = values[index];
        x.push(candidate);
        y.push(baseline);
        if (x.length > 60) [x, y].forEach((list) => list.shift());
      }
      return at % 5 === 0 && values.some(({ candidate, baseline }) => isHigh(candidate, baseline));
    };
  },
};
