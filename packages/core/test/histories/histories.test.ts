import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { foldEnvironment } from "../../src/engine/environment-journal.js";
import { memoryStore, type Store } from "../../src/index.js";
import { hasEnded } from "../../src/machine/index.js";
import { createTestClock, pass, type TestClock } from "../cli/test-clock.js";
import { createStage, person, type Entry, type History, type Stage } from "./stage.js";

const versions = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const histories = versions.flatMap(({ name: version }) =>
  readdirSync(join(import.meta.dirname, version)).map((file) => ({
    name: `${version}/${file}`,
    history: JSON.parse(readFileSync(join(import.meta.dirname, version, file), "utf8")) as History,
  })),
);

/** Everything up to an entry has happened, then the process was gone: today's code finds it so. */
async function open({ rules, entries }: History, count: number): Promise<Stage & { readonly store: Store; readonly clock: TestClock }> {
  const clock = createTestClock();
  const store: Store = { ...memoryStore({ clock }), singleMachine: true };
  const stage = createStage(rules, { store, clock });
  for (const entry of entries.slice(0, count)) {
    await clock.advance(entry.now - clock.now());
    await replay(entry, stage, store);
  }
  return { ...stage, store, clock };
}

async function replay(entry: Entry, { provider }: Stage, store: Store): Promise<void> {
  if ("prepared" in entry) provider.made.set(entry.prepared.key, entry.prepared.id);
  else if ("promoted" in entry) provider.current = entry.promoted.id;
  else if ("shared" in entry) provider.weights = entry.shared;
  else if ("mended" in entry) provider.mended = entry.mended;
  else {
    // The lease is that of a process that is gone.
    const { fence: _, ...commit } = entry.commit;
    await store.commit(commit);
  }
}

const openIn = async ({ deployer }: Stage) => (await deployer.history({ limit: 100 })).items.filter(({ phase }) => !hasEnded(phase));

/** Goes on with what is open, and does what people would. */
async function finish(stage: Stage, clock: TestClock): Promise<void> {
  const { deployer } = stage;
  for (let rounds = 0; rounds < 10; rounds += 1) {
    const [first] = await openIn(stage);
    if (first === undefined) return;
    const { refusals } = await pass(clock, deployer.recover());
    expect(refusals).toEqual([]);
    await clock.advance(5_000);
    const { phase, pause } = await (await deployer.deployment(first.id)).state();
    if (phase === "awaiting_approval")
      for (const name of ["bea", "cleo"]) await deployer.approve({ deploymentId: first.id, actor: person(name) }).catch(() => undefined);
    if (phase === "held") await deployer.unfreeze({ environment: "production", actor: person("ada") });
    if (phase === "running" && pause !== null) await deployer.resume({ deploymentId: first.id, actor: person("ada") });
    if (phase === "needs_attention") {
      stage.provider.mended = ["c1"];
      await deployer.retry({ deploymentId: first.id, actor: person("bea") });
    }
    await clock.advance(900_000);
  }
}

describe.each(histories)("$name", ({ history }) => {
  test("is folded to what it was", async () => {
    const { deployer, provider, store } = await open(history, history.entries.length);
    const { items } = await deployer.history({ limit: 100 });
    const ends = await Promise.all(items.map(async ({ id }) => [id, (await (await deployer.deployment(id)).state()).phase]));
    expect(Object.fromEntries(ends)).toEqual(history.ends);
    const stream = "environment/shop/production";
    const { serving } = foldEnvironment(stream, await store.read(stream));
    expect(serving?.candidates["web"]?.id).toBe(provider.current);
  });

  test("is gone on with from every point, to an end that the people who ran it would know", async () => {
    for (let count = 1; count < history.entries.length; count += 1) {
      const stage = await open(history, count);
      await finish(stage, stage.clock);
      const { deployer, provider, store } = stage;
      const { items } = await deployer.history({ limit: 100 });
      for (const { id, phase } of items) {
        // Cut off before it was told to stop, it did not stop.
        const expected =
          history.ends[id] === "rolled_back" && history.rules.ill === undefined
            ? ["rolled_back", "succeeded"]
            : history.ends[id] === "abandoned"
              ? // Cut off before it was given up, it was tried again.
                ["abandoned", "rolled_back"]
              : [history.ends[id]];
        expect(expected, `${id} behind ${String(count)} entries`).toContain(phase);
      }
      expect(await store.claimOf("shop/production")).toBeUndefined();
      const stream = "environment/shop/production";
      const { serving } = foldEnvironment(stream, await store.read(stream));
      expect(provider.current, `behind ${String(count)} entries`).toBe(serving?.candidates["web"]?.id);
    }
  });
});

test("of every version there is every scenario that it knew", () => {
  expect(histories.filter(({ name }) => name.startsWith("2026-11/"))).toHaveLength(12);
});
