import { defineSuite } from "./suite.js";
import { apartCases } from "./target/apart-cases.js";
import type { TargetFixture } from "./target/fixture.js";
import { lifeCases } from "./target/life-cases.js";
import { observeCases } from "./target/observe-cases.js";
import { prepareCases } from "./target/prepare-cases.js";
import { promoteCases } from "./target/promote-cases.js";
import { sourceCases } from "./target/source-cases.js";

const cases = { ...sourceCases, ...prepareCases, ...observeCases, ...promoteCases, ...lifeCases, ...apartCases };

export type TargetCase = keyof typeof cases;

/**
 * What every target must do, for web and worker roles alike: `targetSuite({ test, describe }, { create: async () => ({ target, again, component, artifact, witness, dispose }) })`.
 * Cases about `resolve`, `files`, `discard` and `logs` ask nothing of a target without them.
 */
export const targetSuite = defineSuite<TargetFixture, TargetCase>("target", cases);
