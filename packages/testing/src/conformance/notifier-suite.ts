import { deliverCases } from "./notifier/deliver-cases.js";
import { failureCases } from "./notifier/failure-cases.js";
import type { NotifierFixture } from "./notifier/fixture.js";
import { textCases } from "./notifier/text-cases.js";
import { defineSuite } from "./suite.js";

const cases = { ...deliverCases, ...textCases, ...failureCases };

export type NotifierCase = keyof typeof cases;

/**
 * What every notifier must do: `notifierSuite({ test, describe }, { create: async () => ({ notifier, again, markup, secrets, trouble, witness, dispose }) })`.
 * Cases about repeated messages ask nothing of a notifier that is not `keyed`.
 */
export const notifierSuite = defineSuite<NotifierFixture, NotifierCase>("notifier", cases);
