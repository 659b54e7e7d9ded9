import { mkdtemp, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Check, DeploymentCall, MigrationPhase, Migrator } from "@fairlead/core";
import { embeddedPostgres, postgres as service, postgresVersion, requireService, type PostgresVersion } from "@fairlead/test-support";
import { startPostgres, type PostgresServer } from "@fairlead/testing/postgres";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, vi } from "vitest";
import { recordTo, setUp, type LogRecord, type Provided, type SceneOptions } from "./set-up.js";

/** A database, a folder and the plugin on both. */
export interface Scene {
  readonly url: string;
  readonly folder: string;
  readonly migrator: Migrator;
  readonly checks: readonly Check[];
  /** What was said in the calls that `call` made. */
  readonly log: readonly LogRecord[];
  /** Another instance of the plugin, as another process would have it. */
  again(options?: Partial<SceneOptions>): Promise<Provided>;
  write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void>;
  query<Row extends Record<string, unknown> = Record<string, unknown>>(sql: string): Promise<readonly Row[]>;
  /** A connection of somebody else. */
  connect(): Promise<pg.Client>;
  call(signal?: AbortSignal): DeploymentCall;
  /** Applies what is pending of a phase and answers what was applied. */
  apply(phase?: MigrationPhase, migrator?: Migrator, call?: DeploymentCall): Promise<readonly string[]>;
}

/** One server for the file's tests; each scene has a database of its own. */
export function useServer({ version = postgresVersion }: { readonly version?: PostgresVersion } = {}): {
  readonly url: () => string;
  readonly createScene: (options?: Partial<SceneOptions>) => Promise<Scene>;
} {
  let server: PostgresServer;
  const cleanups: (() => Promise<unknown> | undefined)[] = [];
  beforeEach((context) => {
    requireService(context, service);
  });
  beforeAll(async () => {
    if (!service.available) return;
    vi.stubEnv("TMPDIR", await quickFolder());
    server = await startPostgres({ module: embeddedPostgres(version) });
    vi.unstubAllEnvs();
  });
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
  afterAll(() => (service.available ? server.stop() : undefined));

  const createScene = async (options: Partial<SceneOptions> = {}): Promise<Scene> => {
    const url = options.url ?? (await server.createDatabase());
    const folder = options.migrations ?? (await mkdtemp(join(tmpdir(), "fairlead-migrations-")));
    if (options.migrations === undefined) cleanups.push(() => rm(folder, { recursive: true, force: true }));
    const log: LogRecord[] = [];
    let calls = 0;
    let asking: Promise<pg.Client> | undefined;
    const again = async (changed: Partial<SceneOptions> = {}) => {
      const provided = await setUp({ migrations: folder, ...options, url, ...changed });
      cleanups.push(() => Promise.resolve(provided.dispose?.()));
      return provided;
    };
    const connect = async (): Promise<pg.Client> => {
      const client = new pg.Client({ connectionString: url });
      client.on("error", () => undefined);
      await client.connect();
      cleanups.push(() => client.end());
      return client;
    };
    const own = await again();
    const call = (signal = new AbortController().signal): DeploymentCall => {
      calls += 1;
      return {
        signal,
        log: recordTo(log),
        environment: "production",
        deploymentId: `dep_${String(calls)}`,
        idempotencyKey: `dep_${String(calls)}/migrations`,
      };
    };
    return {
      url,
      folder,
      ...own,
      log,
      again,
      connect,
      call,
      async write(files) {
        for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
      },
      async query<Row extends Record<string, unknown>>(sql: string) {
        asking ??= connect();
        return (await (await asking).query<Row>(sql)).rows;
      },
      async apply(phase = "expand", migrator = own.migrator, asked = call()) {
        const { pending } = await migrator.plan(asked);
        const { applied } = await migrator.apply({ phase, migrations: pending, release: "rel_1" }, asked);
        return applied.map(({ id }) => id);
      },
    };
  };
  return { url: () => server.url, createScene };
}

/** In memory, if there is one with room: each database is hundreds of files. */
async function quickFolder(): Promise<string> {
  const memory = "/dev/shm";
  const space = await statfs(memory).catch(() => undefined);
  return space !== undefined && space.bavail * space.bsize > 4 * 2 ** 30 ? memory : tmpdir();
}
