import { failureCases } from "./secrets/failure-cases.js";
import type { SecretsFixture } from "./secrets/fixture.js";
import { resolveCases } from "./secrets/resolve-cases.js";
import { defineSuite } from "./suite.js";

const cases = { ...resolveCases, ...failureCases };

export type SecretsCase = keyof typeof cases;

/** What every source of secrets must do: `secretsSuite({ test, describe }, { create: async () => ({ source, again, environment, put, dispose }) })`. */
export const secretsSuite = defineSuite<SecretsFixture, SecretsCase>("secrets", cases);
