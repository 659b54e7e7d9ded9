import { sourceFlags } from "@fairlead/test-support";
import { existsSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { buildShop } from "../../build.ts";
import { printDeploy, runDeploy, type DeployRun, type RunOptions } from "../../stage/run-deploy.ts";
import { names } from "../../stage/folder.ts";
import type { Sample } from "../../stage/samples.ts";
import { watchProduction } from "../../stage/watch-production.ts";
import { startWorld, type World, type WorldOptions } from "../../stage/world.ts";

/** What serves when a case begins. */
export type Start = "nothing" | "release 1" | "release 2";

export type ShopReleaseName = "1" | "2" | "4";

/** A run of the command line, and what a customer saw of it who asked all the time. */
export interface WatchedRun extends DeployRun {
  readonly samples: readonly Sample[];
}

/** A world that a case finds as it wants it, however the one before has left it. */
export interface FaultStage {
  readonly world: World;
  /** Puts everything back to when this served: providers, database and journal. Addresses stay, ledgers are empty. */
  putBack(start: Start): Promise<void>;
  /** Keeps what is there now as the start of this name. */
  keep(start: Exclude<Start, "nothing">): Promise<void>;
  /** Builds a release and deploys it, by the command line. */
  deploy(release: ShopReleaseName, options?: Pick<RunOptions, "onEvent">): Promise<WatchedRun>;
  /** Any other command, while a customer asks. */
  run(words: readonly string[]): Promise<WatchedRun>;
  /** What a command prints for people. */
  print(words: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

interface Saved {
  readonly snapshot: string;
  readonly database: string;
  readonly journal: string;
}

/** Starts one. What a start needs is deployed when it is first asked for. */
export async function startFaultStage(
  options: Omit<WorldOptions, "folder"> & { readonly env?: Readonly<Record<string, string>> },
): Promise<FaultStage> {
  const folder = await mkdtemp(join(tmpdir(), "faults-"));
  const world = await startWorld({ ...options, folder });
  const run: RunOptions = {
    nodeFlags: sourceFlags,
    // Every case starts processes: they need not compile the same sources again.
    env: { ...world.env, SHOP_PROVIDERS: "near", NODE_COMPILE_CACHE: join(tmpdir(), "faults-compiled"), ...options.env },
  };
  const journal = join(folder, names.journal);
  const saved = new Map<Start, Saved>();
  const watched = async (words: readonly string[], more?: Pick<RunOptions, "onEvent">): Promise<WatchedRun> => {
    const watch = watchProduction(new URL("version.json", world.shopUrl), 100);
    try {
      const done = await runDeploy(words, { ...run, ...more });
      return { ...done, samples: watch.samples };
    } finally {
      await watch.stop();
    }
  };
  const stage: FaultStage = {
    world,
    async putBack(start) {
      await world.reset();
      if (start === "nothing") return;
      if (!saved.has(start)) await reach(start);
      const known = saved.get(start);
      if (known === undefined) throw new Error(`${start} has not been kept`);
      await world.vercel.reset({ snapshot: known.snapshot });
      await copyDatabase(world.database.url, { from: known.database, to: "shop" });
      await copyJournal(known.journal, journal);
    },
    async keep(start) {
      const name = start.replace(" ", "_");
      const kept = { snapshot: await world.vercel.snapshot(), database: `shop_${name}`, journal: join(folder, `${name}.db`) };
      await copyJournal(journal, kept.journal);
      await copyDatabase(world.database.url, { from: "shop", to: kept.database });
      saved.set(start, kept);
    },
    async deploy(release, more) {
      await buildShop(release, world.release);
      return watched(["deploy", "production"], more);
    },
    run: (words) => watched(words),
    print: async (words) => (await printDeploy(words, run)).join("\n"),
    async stop() {
      await world.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };

  /** Deploys what is missing. */
  async function reach(start: Exclude<Start, "nothing">): Promise<void> {
    await stage.putBack(start === "release 2" ? "release 1" : "nothing");
    const { exitCode, problems } = await stage.deploy(start === "release 2" ? "2" : "1");
    if (exitCode !== 0) throw new Error(`${start} could not be deployed: ${problems.join(" ")}`);
    await stage.keep(start);
  }

  return stage;
}

/** With what SQLite lays beside it. */
async function copyJournal(from: string, to: string): Promise<void> {
  for (const end of ["", "-wal", "-shm"]) if (existsSync(from + end)) await cp(from + end, to + end);
}

async function copyDatabase(url: string, { from, to }: { readonly from: string; readonly to: string }): Promise<void> {
  const client = new pg.Client({ connectionString: Object.assign(new URL(url), { pathname: "/postgres" }).href });
  await client.connect();
  try {
    await client.query(`drop database if exists ${to} with (force)`);
    await client.query(`create database ${to} template ${from}`);
  } finally {
    await client.end();
  }
}
