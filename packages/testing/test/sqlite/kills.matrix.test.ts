import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { matrixCases } from "@fairlead/test-support";
import { sqliteStore, type Store } from "@fairlead/core";
import { describe, expect, it } from "vitest";
import { endOf, runScript } from "./run-script.js";

/** Numbers in [0, 1) that are the same in every run. */
function seeded(seed: number): number {
  const value = Math.sin(seed * 12.9898) * 43_758.5453;
  return value - Math.floor(value);
}

// A commit of the victim makes 13 calls: these are all boundaries of two.
const inFront = Array.from({ length: 26 }, (_, calls) => ({ name: `in front of call ${String(calls)} of SQLite`, calls }));
const anywhere = Array.from({ length: 24 }, (_, seed) => {
  const commits = 1 + Math.floor(seeded(seed) * 60);
  const pause = Math.floor(seeded(seed + 1_000) * 2_000);
  return { name: `${String(pause)} µs behind commit ${String(commits)}`, commits, pause };
});

/** Kills the victim and answers how many commits it has reported. */
async function killVictim(path: string, point: (typeof inFront)[number] | (typeof anywhere)[number]): Promise<number> {
  const victim = runScript("victim.mjs", path, ...("calls" in point ? [String(point.calls)] : []));
  const ended = endOf(victim);
  let reported = 0;
  for await (const _ of createInterface({ input: victim.stdout })) {
    reported += 1;
    if ("calls" in point || reported !== point.commits) continue;
    const until = performance.now() + point.pause / 1_000;
    while (performance.now() < until);
    victim.kill("SIGKILL");
  }
  expect(await ended).toBe("SIGKILL");
  return reported;
}

async function numbersOf(store: Store, stream: string): Promise<unknown[]> {
  const events = await store.read(stream);
  expect(events.map(({ version }) => version)).toEqual(events.map((_, index) => index + 1));
  return events.map(({ data }) => data["number"]);
}

describe("a process that is killed while it commits leaves whole commits, all that it has reported, and no lock", () => {
  it.each(matrixCases([...inFront, ...anywhere], { sample: 14 }))("$name", async (point) => {
    const folder = await mkdtemp(join(tmpdir(), "fairlead-kills-"));
    try {
      const path = join(folder, "journal.db");
      const reported = await killVictim(path, point);
      const store = sqliteStore({ path, patience: "100ms" });

      const numbers = await numbersOf(store, "a");
      const written = numbers.length;
      expect(numbers).toEqual(Array.from({ length: written }, (_, index) => index));
      expect(written - reported).toBeOneOf([0, 1]);
      expect(await numbersOf(store, "b")).toEqual(numbers);
      expect((await store.outbox.list({ application: "shop", limit: 1_000 })).map(({ id }) => id)).toEqual(
        numbers.map((number) => `msg_${String(number)}`).reverse(),
      );
      const owners = await Promise.all(Array.from({ length: written + 1 }, (_, number) => store.claimOf(`claim-${String(number)}`)));
      expect(owners).toEqual([...numbers.map(() => "victim"), undefined]);
      expect((await store.list({ prefix: "a" })).items).toEqual([{ name: "a", version: written, summary: { number: written - 1 } }]);

      const event = { type: "one", at: "2026-01-02T03:04:05.678Z", data: {}, hash: "sha256:0" };
      const { versions } = await store.commit({ streams: [{ name: "a", expectedVersion: written, events: [event] }] });
      expect(versions).toEqual([written + 1]);
      await store.close();
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
