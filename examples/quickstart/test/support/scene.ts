import { docker, sourceFlags } from "@fairlead/test-support";
import { copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildShop } from "../../build.ts";
import { printDeploy, runDeploy, type DeployRun, type RunOptions } from "../../stage/run-deploy.ts";
import { startWorld, type World } from "../../stage/world.ts";
import { ask, keepDatabase } from "./kept-database.ts";
import { keepWorker } from "./kept-worker.ts";

/** A world where release 1 serves, to which one can go back again and again, and release 2 waits to be deployed. */
export interface Scene {
  readonly world: World;
  /** The container of release 1, where a Docker engine answers. */
  readonly firstWorker: string | undefined;
  /** Makes the world as it was when release 1 had just been deployed, with empty ledgers. */
  goBack(): Promise<void>;
  run(words: readonly string[], options?: Partial<RunOptions>): Promise<DeployRun>;
  /** As somebody else, who has another release built. */
  runElsewhere(words: readonly string[]): Promise<DeployRun>;
  /** The records of this type that a command prints. */
  read<Type extends keyof Records>(type: Type, words: readonly string[]): Promise<readonly Records[Type][]>;
  stop(): Promise<void>;
}

/** What the command line says about a deployment, as far as it is looked at. */
export interface Records {
  readonly deployment: { readonly id: string; readonly release: string; readonly phase: string; readonly outcome: string | null };
  readonly status: {
    readonly release: { readonly release: { readonly id: string } } | null;
    readonly components: readonly {
      readonly component: string;
      readonly drifted: boolean;
      readonly serving: { readonly release: string | null };
    }[];
    readonly running: { readonly deploymentId: string } | null;
    readonly last: Records["deployment"] | null;
    readonly deadLetters: readonly object[];
  };
}

export async function startScene(folder: string, application: string): Promise<Scene> {
  const world = await startWorld({ folder, application, dockerSocket: docker.socketPath });
  const [journal, elsewhere] = [join(folder, "journal.db"), join(folder, "release-of-others")];
  const shared = { ...world.env, NODE_COMPILE_CACHE: join(folder, "compiled") };
  const run: Scene["run"] = (words, { env = {}, nodeFlags = [], ...options } = {}) =>
    runDeploy(words, { ...options, env: { ...shared, ...env }, nodeFlags: [...sourceFlags, ...nodeFlags] });
  try {
    await buildShop("1", world.release);
    const { exitCode, problems } = await run(["deploy", "production"]);
    if (exitCode !== 0) throw new Error(`Release 1 could not be deployed: ${problems.join(" ")}`);
    await copyFile(journal, `${journal}.kept`);
    await buildShop("2", world.release);
    await buildShop("3", elsewhere);
    const snapshot = await world.vercel.snapshot();
    const worker = world.worker.available ? await keepWorker(docker.socketPath, application) : undefined;
    await worker?.stop();
    const database = await keepDatabase(world.database.url);

    return {
      world,
      firstWorker: worker?.id,
      run,
      runElsewhere: (words) => run(words, { env: { SHOP_RELEASE: elsewhere } }),
      async read(type, words) {
        const lines = await printDeploy([...words, "--json"], { env: shared, nodeFlags: sourceFlags });
        const records = lines.map((line) => {
          const record: { readonly type: string } & Records = JSON.parse(line);
          return record;
        });
        return records.filter((record) => record.type === type).map((record) => record[type]);
      },
      async goBack() {
        await worker?.stop();
        for (const end of ["-wal", "-shm"]) await rm(`${journal}${end}`, { force: true });
        await copyFile(`${journal}.kept`, journal);
        await Promise.all([world.vercel.reset({ snapshot }), world.messages.reset(), world.mails.reset(), database.goBack()]);
        await worker?.start();
        if (worker !== undefined) await untilWorking(world.database.url);
      },
      stop: () => world.stop(),
    };
  } catch (error) {
    await world.stop();
    throw error;
  }
}

/** A worker that works has its connection; from then on its start is history, also to the engine. */
async function untilWorking(url: string): Promise<void> {
  const until = Date.now() + 30_000;
  for (;;) {
    const working = await ask(url, "select from pg_stat_activity where datname = 'shop' and application_name like 'worker %'");
    if (working.length > 0) return;
    if (Date.now() > until) throw new Error("The worker of release 1 does not work");
    await sleep(50);
  }
}
