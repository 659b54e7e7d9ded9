import { ulid } from "ulid";
import type { Clock } from "../time/clock.js";

/** `rel_` and 26 lower-case characters, ordered by time. */
export function createReleaseId(clock: Clock): string {
  return `rel_${ulid(clock.now()).toLowerCase()}`;
}

/** `dep_` and 26 lower-case characters, ordered by time. */
export function createDeploymentId(clock: Clock): string {
  return `dep_${ulid(clock.now()).toLowerCase()}`;
}
