import assert from "node:assert/strict";
import {
  isFairleadError,
  type JsonObject,
  type NewEvent,
  type Store,
  type StoreCommit,
  type StoredEvent,
  type StreamWrite,
} from "@fairlead/core";
import type { Fixture } from "../suite.js";

/** A store without content, and ways to reach what lies behind it. */
export interface StoreFixture extends Fixture {
  readonly store: Store;
  /** Moves the clock that the store's leases run on. Without it the cases wait for real. */
  readonly clock?: { advance(milliseconds: number): Promise<void> | void };
  /** Another store on the same data, as another process would open it, whether the first is still open or not. */
  readonly reopen?: () => Promise<Store>;
}

/** A time that cases wait for to be over, in milliseconds: long enough to act within, also without a clock to move. */
export const brief = 300;

/** A time that no case outlives, in milliseconds. */
export const long = 600_000;

/** Lets the store's clock go on until `milliseconds` are over. */
export async function pass({ clock }: StoreFixture, milliseconds: number): Promise<void> {
  if (clock === undefined) await wait(milliseconds + 20);
  else await clock.advance(milliseconds + 1);
}

/** Lets everything that is under way come to rest. */
export function moment(): Promise<void> {
  return wait(5);
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** A second store on the same data. */
export async function openAnother({ reopen }: StoreFixture): Promise<Store> {
  assert.ok(reopen, "the fixture has no reopen(): give it one, or leave this case out with the reason");
  return reopen();
}

/** An event as the journal seals it, except that the hash is made up: a store keeps it and looks at nothing. */
export function event(type: string, data: JsonObject = {}): NewEvent {
  return { type, at: "2026-01-02T03:04:05.678Z", data, hash: `sha256:of-${type}` };
}

/** Appends one event of each type to a stream. */
export function write(name: string, expectedVersion: number, types: readonly string[], summary?: JsonObject): StreamWrite {
  return { name, expectedVersion, events: types.map((type) => event(type)), ...(summary === undefined ? {} : { summary }) };
}

export function commitOf(stream: StreamWrite, rest: Omit<StoreCommit, "streams"> = {}): StoreCommit {
  return { streams: [stream], ...rest };
}

/** The types of events, which in these cases say who they are. */
export function typesOf(events: readonly StoredEvent[]): string[] {
  return events.map(({ type }) => type);
}

/** Rejects with this code, and with at least this data. */
export async function refuses(work: Promise<unknown>, code: string, data: JsonObject = {}): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(isFairleadError(error), `expected ${code}, not ${String(error)}`);
    assert.equal(error.code, code);
    assert.deepEqual(Object.fromEntries(Object.keys(data).map((name) => [name, error.data[name]])), data);
    return true;
  });
}

/** How many of these succeeded; all others must have been refused with this code. */
export async function countSuccesses(attempts: readonly Promise<unknown>[], code: string): Promise<number> {
  const results = await Promise.allSettled(attempts);
  for (const result of results) if (result.status === "rejected") await refuses(Promise.reject(result.reason as Error), code);
  return results.filter(({ status }) => status === "fulfilled").length;
}
