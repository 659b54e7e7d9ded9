import { claimCases } from "./store/claim-cases.js";
import { commitCases } from "./store/commit-cases.js";
import { fenceCases } from "./store/fence-cases.js";
import type { StoreFixture } from "./store/fixture.js";
import { leaseCases } from "./store/lease-cases.js";
import { lifeCases } from "./store/life-cases.js";
import { listCases } from "./store/list-cases.js";
import { outboxCases } from "./store/outbox-cases.js";
import { readCases } from "./store/read-cases.js";
import { removalCases } from "./store/removal-cases.js";
import { timerCases } from "./store/timer-cases.js";
import { watchCases } from "./store/watch-cases.js";
import { defineSuite } from "./suite.js";

const cases = {
  ...commitCases,
  ...readCases,
  ...listCases,
  ...claimCases,
  ...leaseCases,
  ...fenceCases,
  ...watchCases,
  ...outboxCases,
  ...timerCases,
  ...removalCases,
  ...lifeCases,
};

export type StoreCase = keyof typeof cases;

/** What every store must do: `storeSuite({ test, describe }, { create: async () => ({ store, dispose: () => store.close() }) })`. */
export const storeSuite = defineSuite<StoreFixture, StoreCase>("store", cases);
