import { join } from "node:path";
import { startEdgeEmulator, type EdgeEmulator } from "@fairlead/testing/emulators";
import type { StrategyName } from "../../shop.ts";
import type { Death } from "./boundaries.ts";
import { readEvidence, type Evidence } from "./evidence.ts";
import type { Fate, Scene } from "./messages.ts";
import type { End, ProcessPool } from "./process-pool.ts";

/** What is deployed how, and remembered where. */
export interface Play {
  readonly store: Scene["store"]["kind"];
  readonly strategy: StrategyName;
  readonly fate: Fate;
}

/** What came of a play. */
export interface Ending {
  /** Where they were killed. */
  readonly kills: readonly string[];
  /** How `shop:2` ended, and `shop:3` that somebody deployed behind it. */
  readonly phase: string;
  readonly next: string;
  readonly reason: string;
  readonly evidence: Evidence;
  /** Boundaries that the last process passed. */
  readonly passed: readonly string[];
  /** From the start of the last process to its first action, in milliseconds; `null`: there was nothing to go on with. */
  readonly actedAfter: number | null;
}

/** A place for one play at a time, with an edge of its own. */
export interface Lane {
  /** The first death is of the process that deploys, the others are of those that recover. */
  perform(play: Play, deaths: readonly Death[]): Promise<Ending>;
  stop(): Promise<void>;
}

export interface LaneOptions {
  readonly folder: string;
  readonly name: string;
  readonly pool: ProcessPool;
  readonly addresses: Readonly<Record<string, string>>;
  /** Address of a PostgreSQL database, where there is one. */
  readonly postgres: string | undefined;
}

export async function startLane({ folder, name, pool, addresses, postgres }: LaneOptions): Promise<Lane> {
  const edge: EdgeEmulator = await startEdgeEmulator();
  let plays = 0;
  const sceneOf = ({ store, strategy, fate }: Play): Scene => {
    plays += 1;
    const address = store === "sqlite" ? join(folder, `${name}.db`) : postgres;
    if (address === undefined) throw new Error("There is no PostgreSQL");
    const { url, token } = edge;
    return { application: `shop-${name}-${plays}`, strategy, fate, store: { kind: store, address }, edge: { url, token }, addresses };
  };
  return {
    async perform(play, deaths) {
      await edge.reset();
      const scene = sceneOf(play);
      const kills: string[] = [];
      let program = await pool.take();
      try {
        let end: End = await program.ask({ kind: "begin", scene, death: deaths[0] });
        for (let dead = 1; end.kind === "killed"; dead += 1) {
          if (end.at === "") throw new Error("A process died that was not told to");
          kills.push(end.at);
          // What the dead process still had under way is at the edge by now, and the edge answers one after the other.
          await edge.state();
          await program.end();
          program = await pool.take();
          end = await program.ask({ kind: "recover", scene, death: deaths[dead] });
        }
        if (end.kind === "failed") throw new Error(end.reason);
        const { phase, reason, passed, actedAfter } = end;
        const evidence = await readEvidence(edge);
        const next = kills.length === 0 ? end : await program.ask({ kind: "go on" });
        return {
          kills,
          phase,
          next: next.kind === "done" ? next.phase : next.kind === "failed" ? next.reason : next.kind,
          reason,
          evidence,
          passed,
          actedAfter: actedAfter === null ? null : program.bootTime + actedAfter,
        };
      } finally {
        await program.end();
      }
    },
    stop: () => edge.stop(),
  };
}
