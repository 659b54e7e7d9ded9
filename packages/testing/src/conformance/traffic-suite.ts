import { defineSuite } from "./suite.js";
import { countCases } from "./traffic/count-cases.js";
import { drainCases } from "./traffic/drain-cases.js";
import type { TrafficFixture } from "./traffic/fixture.js";
import { lifeCases } from "./traffic/life-cases.js";
import { shareCases } from "./traffic/share-cases.js";
import { shiftCases } from "./traffic/shift-cases.js";

const cases = { ...shiftCases, ...shareCases, ...countCases, ...drainCases, ...lifeCases };

export type TrafficCase = keyof typeof cases;

/**
 * What every router must do: `trafficSuite({ test, describe }, { create: async () => ({ router, again, component, prepare, promote, ask, dispose }) })`. Shares are counted over the requests that `ask` sends.
 * Cases about abilities that `describe` denies ask nothing.
 */
export const trafficSuite = defineSuite<TrafficFixture, TrafficCase>("traffic", cases);
