import type { Candidate, ComponentReference, PrepareInput } from "@fairlead/core";
import { docker as service, sourceFlags } from "@fairlead/test-support";
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { DockerWorkerOptions } from "../../src/index.js";

/** When the process is killed: before this call of the engine, while the engine works on it, or after its answer. */
export interface Kill {
  /** As in the report of a process that was not killed. */
  readonly call: string;
  readonly moment: "before" | "during" | "after";
}

/** What a process of its own is to do with a target. */
export interface Errand {
  readonly socketPath: string;
  readonly worker: DockerWorkerOptions;
  readonly kill?: Kill;
  readonly act:
    | { readonly method: "prepare"; readonly input: PrepareInput }
    | { readonly method: "promote"; readonly input: ComponentReference & { readonly candidate: Candidate; readonly previous?: Candidate } };
}

/** What came of it; nothing is said by a process that was killed. */
export interface Report {
  /**
   * Calls of the engine in their order, each named by the change that came before it and how often it has come since: `start container 2` is the second look after the
   * start. The number of looks differs from run to run; the rest does not.
   */
  readonly calls: readonly string[];
  readonly candidate?: Candidate;
  readonly error?: { readonly message: string };
}

/** Lets a process of its own do it. Answers `undefined` when it was killed. */
export async function runErrand(errand: Omit<Errand, "socketPath">): Promise<Report | undefined> {
  const child = fork(fileURLToPath(new URL("./run-errand.ts", import.meta.url)), [], {
    execArgv: [...sourceFlags],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  let report: Report | undefined;
  child.on("message", (message) => {
    report = message as Report;
  });
  child.send({ ...errand, socketPath: service.socketPath } satisfies Errand);
  await new Promise((resolve) => child.once("exit", resolve));
  return report;
}
