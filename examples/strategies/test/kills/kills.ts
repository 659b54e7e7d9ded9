// `node test/kills/kills.ts 10000 [--seed 1] [--lanes 4] [--store sqlite]`: kills processes at random boundaries, those that deploy and those that recover, until there were so many kills.
import { parseArgs } from "node:util";
import type { Death } from "./boundaries.ts";
import { caseName, playsOn, rehearse } from "./plays.ts";
import { openStage } from "./stage.ts";
import { createTally } from "./tally.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: "string", default: "1" },
    lanes: { type: "string", default: "4" },
    store: { type: "string", multiple: true, default: ["sqlite", "postgres"] },
  },
});
const wanted = Number(positionals[0] ?? "10000");
const lanes = Number(values.lanes);
const stores = (["sqlite", "postgres"] as const).filter((store) => values.store.includes(store));
const random = createRandom(Number(values.seed));
const tally = createTally();
const stage = await openStage({ lanes, postgres: stores.includes("postgres") });
try {
  const rehearsals = await Promise.all(stores.flatMap(playsOn).map((play) => rehearse(stage, play)));
  let told = 0;
  const go = async (): Promise<void> => {
    while (tally.kills < wanted) {
      const rehearsal = pick(rehearsals);
      const tried = { ...rehearsal, deaths: deathsIn(rehearsal.ending.passed.length) };
      const found = await tally.judge(tried, stage.perform(tried.play, tried.deaths));
      if (found.length > 0) console.log(`${caseName(tried)}:\n  ${found.join("\n  ")}`);
      if (tally.kills - told < 500) continue;
      told = tally.kills;
      console.log(`${told} kills, ${tally.problems.length} deployments with problems`);
    }
  };
  await Promise.all(Array.from({ length: lanes }, go));
} finally {
  await stage.stop();
}
console.log(`\n${tally.lines().join("\n")}\nseed:             ${values.seed}`);
if (tally.problems.length > 0) process.exitCode = 1;

/** One death; every third time another one in the recovery, and so on. */
function deathsIn(boundaries: number): readonly Death[] {
  const death: Death = {
    nth: 1 + Math.floor(random() * boundaries),
    moment: pick(["before", "during", "after"] as const),
    delay: Math.floor(random() * 4),
  };
  return random() < 1 / 3 ? [death, ...deathsIn(boundaries)] : [death];
}

function pick<Item>(items: readonly Item[]): Item {
  return items[Math.floor(random() * items.length)]!;
}

/** Mulberry32: numbers in [0, 1) that depend on the seed alone. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
