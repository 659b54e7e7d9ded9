import type { Deployer } from "../deployer/types.js";
import type { Clock } from "../time/clock.js";
import type { ExitCode } from "./exit-codes.js";
import type { Interrupts } from "./interrupts.js";
import type { Output } from "./output.js";

/** What a command has while it runs. */
export interface Session {
  readonly deployer: Deployer;
  readonly output: Output;
  readonly clock: Clock;
  readonly interrupts: Interrupts;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How a command of this script is typed: `node deploy.ts status production`. */
  readonly typed: (command: string) => string;
  /** To be said when the command begins to act: from then on it is not told that nothing was done. */
  readonly begins: () => void;
  /** What a person answers; `undefined` where nobody can be asked. */
  readonly ask: (question: string, signal: AbortSignal) => Promise<string | undefined>;
}

/** What a command came to. */
export interface CommandEnd {
  readonly exitCode: ExitCode;
  /** Deployments that it was about. */
  readonly deployments?: readonly string[];
  /** Commands to try now, without the script: `status production`. */
  readonly next?: readonly string[];
  /** What went wrong has been told where mistakes are told; what to try belongs there too. */
  readonly mistaken?: boolean;
  /** The command leaves while something still runs: what is under way here is let go at once. */
  readonly detached?: boolean;
}
