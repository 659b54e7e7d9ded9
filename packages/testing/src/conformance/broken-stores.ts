import { claimFlaws } from "./broken-stores/claim-flaws.js";
import { commitFlaws } from "./broken-stores/commit-flaws.js";
import type { Flaws } from "./broken-stores/flaw.js";
import { fenceFlaws } from "./broken-stores/fence-flaws.js";
import { keyFlaws } from "./broken-stores/key-flaws.js";
import { leaseFlaws } from "./broken-stores/lease-flaws.js";
import { lifeFlaws } from "./broken-stores/life-flaws.js";
import { listFlaws } from "./broken-stores/list-flaws.js";
import { outboxFlaws } from "./broken-stores/outbox-flaws.js";
import { readFlaws } from "./broken-stores/read-flaws.js";
import { removalFlaws } from "./broken-stores/removal-flaws.js";
import { timerFlaws } from "./broken-stores/timer-flaws.js";
import { watchFlaws } from "./broken-stores/watch-flaws.js";

/** Stores that differ from a good one in what their name says and in nothing else. */
export const flaws: Flaws = {
  ...commitFlaws,
  ...readFlaws,
  ...listFlaws,
  ...claimFlaws,
  ...leaseFlaws,
  ...fenceFlaws,
  ...watchFlaws,
  ...outboxFlaws,
  ...timerFlaws,
  ...removalFlaws,
  ...keyFlaws,
  ...lifeFlaws,
};
