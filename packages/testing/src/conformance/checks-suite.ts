import { answerCases } from "./checks/answer-cases.js";
import { declarationCases } from "./checks/declaration-cases.js";
import type { ChecksFixture } from "./checks/fixture.js";
import { defineSuite } from "./suite.js";

const cases = { ...declarationCases, ...answerCases };

export type ChecksCase = keyof typeof cases;

/**
 * What every check must do, whatever its scope: `checksSuite({ test, describe }, { create: async () => ({ checks, again, subjects, secrets, dispose }) })`.
 * Candidate checks are asked about the `candidate` and the `impostor` of the fixture.
 */
export const checksSuite = defineSuite<ChecksFixture, ChecksCase>("checks", cases);
