import { declarationCases } from "./steps/declaration-cases.js";
import type { StepsFixture } from "./steps/fixture.js";
import { runCases } from "./steps/run-cases.js";
import { undoCases } from "./steps/undo-cases.js";
import { defineSuite } from "./suite.js";

const cases = { ...declarationCases, ...runCases, ...undoCases };

export type StepsCase = keyof typeof cases;

/**
 * What every own step must do: `stepsSuite({ test, describe }, { create: async () => ({ steps, again, secrets, witness, dispose }) })`.
 * What a step does not promise (`idempotency`, `reversibility`, `observe`) is not asked of it.
 */
export const stepsSuite = defineSuite<StepsFixture, StepsCase>("steps", cases);
