import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres } from "@fairlead/testing/postgres";
import { startSites } from "../../sites.ts";
import type { Death } from "./boundaries.ts";
import { startLane, type Ending, type Play } from "./lane.ts";
import { createProcessPool } from "./process-pool.ts";

/** Everything that plays need. Several go on at the same time. */
export interface Stage {
  /** Waits for a free lane. */
  perform(play: Play, deaths: readonly Death[]): Promise<Ending>;
  stop(): Promise<void>;
}

export async function openStage(options: { readonly lanes: number; readonly postgres: boolean }): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-kills-"));
  const parts: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const part of parts.toReversed()) await part();
  };
  try {
    const sites = await startSites();
    parts.push(() => sites.stop());
    const server = options.postgres ? await startPostgres() : undefined;
    parts.push(async () => server?.stop());
    const pool = await createProcessPool({ spares: options.lanes, folder });
    parts.push(() => pool.stop());
    const postgres = await server?.createDatabase();
    const free = await Promise.all(
      Array.from({ length: options.lanes }, async (_, index) => {
        const lane = await startLane({ folder, name: String.fromCharCode(97 + index), pool, addresses: sites.addresses, postgres });
        parts.push(() => lane.stop());
        return lane;
      }),
    );
    const waiting: (() => void)[] = [];
    return {
      async perform(play, deaths) {
        while (free.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
        const lane = free.pop();
        if (lane === undefined) throw new Error("Somebody else took it");
        try {
          return await lane.perform(play, deaths);
        } finally {
          free.push(lane);
          waiting.shift()?.();
        }
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
