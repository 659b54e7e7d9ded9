import { expect, it } from "vitest";
import type { StoreChange } from "../contract/store.js";
import { createChanges, type Changes } from "./changes.js";
import { followChanges, type ChangesRead } from "./follow-changes.js";

/** Something to follow; `during` is called behind each look at it, before the answer has arrived. */
function follow(changes: Changes, log: readonly StoreChange[], during: () => void) {
  const read = async (after: number): Promise<ChangesRead> => {
    const found = { changes: log.slice(after), position: log.length };
    during();
    await Promise.resolve();
    return found;
  };
  const stopped = new AbortController();
  return { stopped, followed: followChanges({ from: Promise.resolve(0), read, changes, signal: stopped.signal }) };
}

it("looks again after what changed while it was looking", async () => {
  const changes = createChanges();
  const log: StoreChange[] = [];
  const change = { position: 1, stream: "a", version: 1 };
  const { followed } = follow(changes, log, () => {
    if (log.length > 0) return;
    log.push(change);
    changes.announce();
  });
  await expect(followed.next()).resolves.toEqual({ done: false, value: change });
});

it("yields nothing more once the signal has aborted", async () => {
  const log = [1, 2].map((version) => ({ position: version, stream: "a", version }));
  const { followed, stopped } = follow(createChanges(), log, () => undefined);
  await expect(followed.next()).resolves.toMatchObject({ value: { version: 1 } });
  stopped.abort();
  await expect(followed.next()).resolves.toEqual({ done: true, value: undefined });
});

it("ends quietly when what it reads fails after the signal has aborted, and fails before", async () => {
  const fails = (stopped: AbortController) =>
    followChanges({
      from: Promise.resolve(0),
      read: () => Promise.reject(new TypeError("cannot read")),
      changes: createChanges(),
      signal: stopped.signal,
    });
  await expect(fails(new AbortController()).next()).rejects.toThrow("cannot read");
  const stopped = new AbortController();
  const next = fails(stopped).next();
  stopped.abort();
  await expect(next).resolves.toEqual({ done: true, value: undefined });
});
