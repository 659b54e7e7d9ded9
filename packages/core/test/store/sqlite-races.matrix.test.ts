import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { matrixCases, sourceFlags } from "@fairlead/test-support";
import { expect, test } from "vitest";
import { sqliteStore } from "../../src/index.js";

test("of a hundred in four processes who want an environment exactly one gets it, round after round", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-races-"));
  const path = join(folder, "journal.db");
  const store = sqliteStore({ path });
  const processes = ["a", "b", "c", "d"].map((name) =>
    fork(join(import.meta.dirname, "support/racer.ts"), [path, name, "25"], { execArgv: [...sourceFlags] }),
  );
  try {
    await Promise.all(processes.map((one) => once(one, "message")));
    const rounds = matrixCases(
      Array.from({ length: 300 }, (_, index) => index),
      { sample: 20 },
    );
    for (const round of rounds) {
      const answers = processes.map((one) => once(one, "message"));
      for (const one of processes) one.send(round);
      const winners = (await Promise.all(answers)).flatMap(([owners]) => owners as readonly string[]);
      expect(winners).toHaveLength(1);
      expect(await store.claimOf(`shop/${String(round)}`)).toBe(winners[0]);
      const { items } = await store.list({ prefix: `deployment/${String(round)}/`, limit: 1_000 });
      expect(items.map(({ name }) => name)).toEqual(winners);
    }
  } finally {
    for (const one of processes) one.disconnect();
    await Promise.all(processes.filter(({ exitCode }) => exitCode === null).map((one) => once(one, "exit")));
    await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}, 600_000);
