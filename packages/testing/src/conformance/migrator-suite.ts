import { applyCases } from "./migrator/apply-cases.js";
import type { MigratorFixture } from "./migrator/fixture.js";
import { planCases } from "./migrator/plan-cases.js";
import { togetherCases } from "./migrator/together-cases.js";
import { verifyCases } from "./migrator/verify-cases.js";
import { defineSuite } from "./suite.js";

const cases = { ...planCases, ...applyCases, ...togetherCases, ...verifyCases };

export type MigratorCase = keyof typeof cases;

/**
 * What every migrator must do: `migratorSuite({ test, describe }, { create: async () => ({ migrator, again, write, remove, witness, dispose }) })`.
 * Migrations may be of any kind, as long as one leaves a mark when it takes effect. Nothing is asked about `revert`.
 */
export const migratorSuite = defineSuite<MigratorFixture, MigratorCase>("migrator", cases);
