let count = 0;

const next = (kind: string, now: number): string => `${kind}_${String(now)}${String((count += 1)).padStart(9, "0")}`;

/** In place of `engine/ids.js`: what is by chance there would make a counter-example another one each time. */
export const createReleaseId = (clock: { now(): number }): string => next("rel", clock.now());
export const createDeploymentId = (clock: { now(): number }): string => next("dep", clock.now());
