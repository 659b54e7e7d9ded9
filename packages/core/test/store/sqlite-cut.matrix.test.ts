import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { matrixCases } from "@fairlead/test-support";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Store, StoreCommit } from "../../src/contract/store.js";
import { isFairleadError } from "../../src/errors/fairlead-error.js";
import { emptyHead, sealEvents, verifyEvents, type Head } from "../../src/journal/index.js";
import { sqliteStore } from "../../src/store/sqlite-store.js";

/** Commits of the journal that is cut. Each appends to two streams, hands the claim on and sets the timer: half of one would show. */
const commits = 12;

interface Image {
  readonly database: Buffer;
  readonly log: Buffer;
}

let folder: string;
/** The files behind each commit, as a crash would leave them. */
const images: Image[] = [];
/** The file after its process has closed it. */
let whole: Buffer;

beforeAll(async () => {
  // In memory where there is some: each cut is a file, and each is synced.
  folder = await mkdtemp(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "fairlead-cut-"));
  const path = join(folder, "whole.db");
  const store = sqliteStore({ path });
  let heads: readonly [Head, Head] = [emptyHead, emptyHead];
  for (let count = 1; count <= commits; count += 1) {
    const next = commitOf(count, heads);
    await store.commit(next.commit);
    heads = next.heads;
    images.push({ database: readFileSync(path), log: readFileSync(`${path}-wal`) });
  }
  await store.close();
  whole = readFileSync(path);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function commitOf(
  count: number,
  [one, other]: readonly [Head, Head],
): { readonly commit: StoreCommit; readonly heads: readonly [Head, Head] } {
  const at = new Date(Date.UTC(2026, 0, 1, 0, 0, count)).toISOString();
  const first = sealEvents("a", one, [
    { type: "counted", at, data: { count, text: "x".repeat(700) } },
    { type: "counted", at, data: { count } },
  ]);
  const second = sealEvents("b", other, [{ type: "counted", at, data: { count } }]);
  return {
    heads: [first.head, second.head],
    commit: {
      streams: [
        { name: "a", expectedVersion: one.version, events: first.events, summary: { count } },
        { name: "b", expectedVersion: other.version, events: second.events },
      ],
      claim: {
        key: "shop/production",
        owner: `commit ${String(count - (count % 2 === 1 ? 0 : 1))}`,
        action: count % 2 === 1 ? "take" : "release",
      },
      timers: [{ name: "timer", at: count }],
    },
  };
}

/** How many commits are there, if they are there as wholes. */
async function wholeCommits(store: Store): Promise<number> {
  const [a, b] = [await store.read("a"), await store.read("b")];
  verifyEvents("a", emptyHead, a);
  verifyEvents("b", emptyHead, b);
  const count = b.length;
  const { items } = await store.list({ prefix: "a" });
  const timers = await store.timers.due({ prefix: "timer", limit: 10 });
  expect({
    a: a.length,
    summary: items.map(({ summary }) => summary),
    owner: await store.claimOf("shop/production"),
    timer: timers.map(({ at }) => at),
  }).toEqual({
    a: 2 * count,
    summary: count === 0 ? [] : [{ count }],
    // Every other commit gives it back.
    owner: count % 2 === 1 ? `commit ${String(count)}` : undefined,
    timer: count === 0 ? [] : [count],
  });
  return count;
}

/** What a store says that finds these files; and that it goes on from there. */
async function openCut({ database, log }: Image): Promise<number | string> {
  const path = join(folder, "cut.db");
  for (const end of ["", "-wal", "-shm"]) rmSync(`${path}${end}`, { force: true });
  writeFileSync(path, database);
  if (log.length > 0) writeFileSync(`${path}-wal`, log);
  const store = sqliteStore({ path });
  try {
    const count = await wholeCommits(store);
    await store.commit({
      streams: [
        {
          name: "c",
          expectedVersion: 0,
          events: sealEvents("c", emptyHead, [{ type: "one", at: "2026-01-01T00:00:00.000Z", data: {} }]).events,
        },
      ],
    });
    expect(await wholeCommits(store)).toBe(count);
    return count;
  } catch (error) {
    if (!isFairleadError(error)) throw error;
    return error.code;
  } finally {
    await store.close();
  }
}

const range = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, index) => from + index);

/** The commits whose every byte is in front of the cut. */
const madeBefore = (cut: number): number => images.filter(({ log }) => log.length <= cut).length;

describe("the log cut at every byte of the last commits", () => {
  const last = (): Image => images.at(-1) ?? { database: Buffer.alloc(0), log: Buffer.alloc(0) };

  test.each([
    ["ends there", 1, (log: Buffer, cut: number) => log.subarray(0, cut)],
    ["goes on with nothing", 7, (log: Buffer, cut: number) => Buffer.concat([log.subarray(0, cut), Buffer.alloc(log.length - cut)])],
    [
      "goes on with something else",
      7,
      (log: Buffer, cut: number) => Buffer.concat([log.subarray(0, cut), log.subarray(0, log.length - cut)]),
    ],
  ])(
    "leaves exactly the commits in front of it, where the file %s",
    async (_, stride, cutAt) => {
      const { database, log } = last();
      const cuts = range((images.at(-2)?.log.length ?? 0) - 100, log.length + 1).filter((cut) => cut % stride === 0);
      for (const cut of matrixCases(cuts, { sample: 120 })) {
        expect([cut, await openCut({ database, log: cutAt(log, cut) })]).toEqual([cut, madeBefore(cut)]);
      }
    },
    900_000,
  );
});

test("the file cut anywhere is told for what it is, and never read as less than it was", async () => {
  const cuts = [
    ...range(0, 200),
    ...range(whole.length - 2 * 4096, whole.length),
    ...range(0, whole.length).filter((cut) => cut > 200 && cut % 509 === 0),
  ];
  const found = new Map<number | string, number[]>();
  for (const cut of matrixCases(cuts, { sample: 150 })) {
    const answer = await openCut({ database: whole.subarray(0, cut), log: Buffer.alloc(0) });
    found.set(answer, [...(found.get(answer) ?? []), cut]);
  }
  // So short that nobody can tell what it was.
  const unknown = found.get("STORE_FOREIGN") ?? [];
  expect(Math.max(...unknown)).toBeLessThan(512);
  found.delete("STORE_FOREIGN");
  found.delete("STORE_DAMAGED");
  expect(Object.fromEntries(found)).toEqual({});
}, 600_000);
