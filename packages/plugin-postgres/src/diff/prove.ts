import { isFairleadError } from "@fairlead/core";
import { readServerError } from "../connection/server-error.js";
import type { Session } from "../connection/session.js";
import type { Difference } from "../snapshot/differences.js";
import type { SchemaSnapshot } from "../snapshot/snapshot.js";
import { differing, readCompared } from "./compared.js";
import type { Exceptions } from "./engine.js";
import type { DiffScript } from "./statements.js";

export interface Proof {
  readonly proof: "proved" | "wrong" | "untried";
  readonly problem: string | null;
  readonly left: readonly Difference[];
}

/** Runs a diff on a scratch database that is what it begins with, and looks whether it makes what it is to make. */
export async function proveOn(scratch: Session, script: DiffScript, to: SchemaSnapshot, except: Exceptions): Promise<Proof> {
  const problem = await runOn(scratch, script);
  if (problem !== undefined) return { proof: "wrong", problem, left: [] };
  return judged(differing(to, await readCompared(scratch, except)));
}

/** What is to be said of a diff behind which so much differs still. */
export function judged(left: readonly Difference[]): Proof {
  return left.length === 0
    ? { proof: "proved", problem: null, left }
    : { proof: "wrong", problem: "it does not make all of what it is to make", left };
}

/** What the server has against it; nothing where all of it has run. */
export async function runOn(scratch: Session, { statements, forward }: DiffScript): Promise<string | undefined> {
  if (forward) await scratch.run("set check_function_bodies = off");
  for (const sql of statements) {
    try {
      await scratch.run(sql);
    } catch (error) {
      const server = readServerError(error);
      if (server === undefined || isFairleadError(error)) throw error;
      return `${server.message}, in: ${sql.replaceAll(/\s+/g, " ").slice(0, 200)}`;
    }
  }
  if (forward) await scratch.run("reset check_function_bodies");
  return undefined;
}
