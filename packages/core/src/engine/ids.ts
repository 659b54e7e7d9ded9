import { randomInt } from "node:crypto";
import { monotonicFactory, type ULIDFactory } from "ulid";
import type { Clock } from "../time/clock.js";

const factories = new WeakMap<Clock, ULIDFactory>();

/** `rel_` and 26 lower-case characters, ordered by time. */
export function createReleaseId(clock: Clock): string {
  return `rel_${next(clock)}`;
}

/** `dep_` and 26 lower-case characters, ordered by time; those of one process also where they are made in the same millisecond. */
export function createDeploymentId(clock: Clock): string {
  return `dep_${next(clock)}`;
}

function next(clock: Clock): string {
  let factory = factories.get(clock);
  if (factory === undefined) {
    factory = monotonicFactory(random);
    factories.set(clock, factory);
  }
  return factory(clock.now()).toLowerCase();
}

/** From the system, but many at once: an id asks for 16, and each alone costs more than the others together. */
function random(): number {
  return randomInt(2 ** 32) / 2 ** 32;
}
