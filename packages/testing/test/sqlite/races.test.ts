import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqliteStore } from "@fairlead/core";
import { expect, it } from "vitest";
import { endOf, runScript } from "./run-script.js";

const names = ["first", "second", "third", "fourth"];
const times = 200;

it("four processes that write to one file lose nothing and share no claim", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-races-"));
  const path = join(folder, "new", "journal.db");
  try {
    const ends = await Promise.all(names.map((name) => endOf(runScript("racer.mjs", path, name, String(times)))));
    expect(ends).toEqual(names.map(() => 0));

    const store = sqliteStore({ path });
    const shared = await store.read("shared");
    expect(shared.map(({ version }) => version)).toEqual(Array.from({ length: names.length * times }, (_, index) => index + 1));
    for (const name of names) {
      const numbers = shared.filter(({ type }) => type === name).map(({ data }) => data["number"]);
      expect(numbers).toEqual(Array.from({ length: times }, (_, index) => index));
    }

    // Who has entered leaves before another enters.
    const claimed = (await store.read("claimed")).map(({ type, data }) => JSON.stringify([data["name"], type]));
    expect(claimed.length).toBeGreaterThan(times);
    expect(claimed.filter((_, index) => index % 2 === 0).map((entered) => entered.replace("entered", "left"))).toEqual(
      claimed.filter((_, index) => index % 2 === 1),
    );
    expect(await store.claimOf("shop/production")).toBeUndefined();

    const positions = [...shared, ...(await store.read("claimed"))].map(({ position }) => position);
    expect(new Set(positions).size).toBe(positions.length);
    await store.close();
  } finally {
    await rm(folder, { recursive: true });
  }
});
