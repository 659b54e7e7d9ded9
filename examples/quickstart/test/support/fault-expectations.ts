import { expect } from "vitest";
import { ways, type Passage } from "./fault-passage.ts";
import { databaseAfter, turnsOf, type DatabaseState } from "./seen-from-outside.ts";

/** Most milliseconds that a command stays after its deployment has come to an end: it looks once more at what serves, and delivers messages. */
const farewell = 12_000;

/** However it ended: the command ends too, no customer saw a failure, every page is of one release, nothing was made twice, no migration is half done. */
export function expectSound({ way, left, samples, events, endedAt }: Passage): void {
  expect(endedAt - Date.parse(events.at(-1)?.at ?? new Date(endedAt).toISOString())).toBeLessThan(farewell);
  const { before, release } = ways[way];
  const first = before === "nothing" ? "status 404" : before;
  expect([[first], [first, release], [first, release, first]]).toContainEqual(turnsOf(samples));
  expect([before, release]).toContain(left.serves);
  expect(left.madePerKey.filter((made) => made !== 1)).toEqual([]);
  expectWhole(left.database, ways[way].migrations);
}

function expectWhole({ ledger, ...brought }: DatabaseState, migrations: readonly number[]): void {
  const applied = ledger.length;
  expect(migrations).toContain(applied);
  expect(ledger).toEqual(["0001_products applied", "0002_orders applied"].slice(0, applied));
  expect(brought).toEqual(databaseAfter[applied]);
}

export function expectPromoted(passage: Passage): void {
  const { exitCode, left, kept, way } = passage;
  expect(exitCode).toBe(0);
  expect(left.serves).toBe(ways[way].release);
  expect(left.kept).toEqual([...kept, left.production]);
  expect(left.database.ledger).toHaveLength(Math.max(...ways[way].migrations));
  expectSound(passage);
}

/** As if it had never been, but for migrations, which stay. */
export function expectTakenBack(passage: Passage): void {
  expect(passage.exitCode).toBe(4);
  expectAsBefore(passage);
}

/** Nothing was done at all, and it says who did not let it. */
export function expectUntouched(passage: Passage): void {
  expect(passage.exitCode).toBeGreaterThan(0);
  const last = passage.events.at(-1);
  const said = last?.type === "deployment.failed" ? JSON.stringify(last.data.error) : passage.problems.join(" ");
  expect(said).toMatch(/vercel/i);
  expect(passage.left.madePerKey).toEqual([]);
  expectAsBefore(passage);
}

function expectAsBefore(passage: Passage): void {
  const { left, kept, way } = passage;
  expect(left.serves).toBe(ways[way].before);
  expect(left.production).toBe(kept.at(-1) ?? null);
  expect(left.kept).toEqual(kept);
  expectSound(passage);
}
