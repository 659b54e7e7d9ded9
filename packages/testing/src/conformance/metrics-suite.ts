import { answerCases } from "./metrics/answer-cases.js";
import { failureCases } from "./metrics/failure-cases.js";
import type { MetricsFixture } from "./metrics/fixture.js";
import { defineSuite } from "./suite.js";

const cases = { ...answerCases, ...failureCases };

export type MetricsCase = keyof typeof cases;

/** What every source of metrics must do: `metricsSuite({ test, describe }, { create: async () => ({ source, query, put, dispose }) })`. */
export const metricsSuite = defineSuite<MetricsFixture, MetricsCase>("metrics", cases);
