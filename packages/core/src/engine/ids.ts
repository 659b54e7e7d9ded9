import { randomInt } from "node:crypto";
import { ulid } from "ulid";
import type { Clock } from "../time/clock.js";

/** `rel_` and 26 lower-case characters, ordered by time. */
export function createReleaseId(clock: Clock): string {
  return `rel_${ulid(clock.now(), random).toLowerCase()}`;
}

/** `dep_` and 26 lower-case characters, ordered by time. */
export function createDeploymentId(clock: Clock): string {
  return `dep_${ulid(clock.now(), random).toLowerCase()}`;
}

/** From the system, but many at once: an id asks for 16, and each alone costs more than the others together. */
function random(): number {
  return randomInt(2 ** 32) / 2 ** 32;
}
