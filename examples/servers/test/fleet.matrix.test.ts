import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret, sqliteStore } from "@fairlead/core";
import { postgresStore } from "@fairlead/plugin-postgres/store";
import { matrixCases, postgres, requireService } from "@fairlead/test-support";
import { startPostgres, type PostgresServer } from "@fairlead/testing/postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { perform, type Ending, type Moment, type Play } from "./fleet/perform.ts";

const isWhole = process.env["FAIRLEAD_MATRIX"] === "full";
const endings: Ending[] = [];
let folder: string;
let server: PostgresServer | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fleet-"));
  if (postgres.available) server = await startPostgres({ settings: { max_connections: "300" } });
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
  const kills = endings.flatMap(({ killed }) => killed).length;
  const repeated = endings.reduce((sum, { messages }) => sum + messages.length - new Set(messages.map(({ id }) => id)).size, 0);
  const still = endings.filter(({ stoodStill }) => stoodStill).length;
  console.log(
    `${String(endings.length)} outages, ${String(kills)} processes killed: each outage one incident, told once; ${String(repeated)} messages came again under their id` +
      (still === 0 ? "" : `; in ${String(still)} the machine stood still, which is an outage more`),
  );
});

/** Kills while something is told are a third of them. The moments are spread over the time that it takes to be found out. */
const plays = (["sqlite", "postgres"] as const).flatMap((store) =>
  Array.from({ length: 16 }, (_, seed): Play => ({ store, kills: { outage: momentOf(seed), recovery: momentOf(seed * 7 + 5) } })),
);

function momentOf(seed: number): Moment {
  return seed % 3 === 2 ? "delivery" : (seed * 1_171) % 8_000;
}

async function place({ store }: Play, name: string) {
  if (store === "sqlite") {
    const path = join(folder, name, "journal.db");
    return { store: sqliteStore({ path }), env: { JOURNAL: path } };
  }
  const url = (await server?.createDatabase()) ?? "";
  return { store: postgresStore({ url: new Secret("DATABASE_URL", url) }), env: { DATABASE_URL: url } };
}

async function judge(play: Play): Promise<void> {
  const { store, env } = await place(play, `${String(play.kills.outage)}-${String(play.kills.recovery)}`);
  const ending = await perform(play, { store, env }).finally(() => store.close());
  endings.push(ending);
  const { messages, history, shown, stoodStill } = ending;
  const told = [...new Map(messages.map(({ id, type }) => [id, type])).values()];
  const opened = history.filter((type) => type === "incident.opened");
  // Each incident is told once when it opens and once when it ends.
  expect([play, told.sort()]).toEqual([play, history.filter((type) => type !== "incident.updated").sort()]);
  expect([play, shown.length]).toEqual([play, opened.length]);
  if (!stoodStill) expect([play, told]).toEqual([play, ["incident.opened", "incident.resolved"]]);
}

test(
  "an outage is one incident and one alert whoever is killed meanwhile, and its end is told once",
  { timeout: 30 * 60_000 },
  async (context) => {
    requireService(context, postgres);
    const chosen = [...matrixCases(plays.slice(0, 16), { sample: 1, most: 3 }), ...matrixCases(plays.slice(16), { sample: 1, most: 3 })];
    const waiting = [...chosen];
    const lane = async (): Promise<void> => {
      for (let play = waiting.shift(); play !== undefined; play = waiting.shift()) await judge(play);
    };
    await Promise.all(Array.from({ length: isWhole ? 8 : 2 }, lane));
    expect(endings).toHaveLength(chosen.length);
    const kills = endings.flatMap(({ killed }) => killed).length;
    expect(kills).toBeGreaterThanOrEqual(chosen.length);
  },
);
