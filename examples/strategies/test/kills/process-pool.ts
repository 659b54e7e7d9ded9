import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Readable } from "node:stream";
import { build } from "esbuild";
import type { Answer, Order } from "./messages.ts";

/** How a process ended what it was asked to do: with an answer, or with its last words. */
export type End = (Answer & { readonly kind: "done" | "failed" }) | { readonly kind: "killed"; readonly at: string };

/** A process that does what it is asked to. */
export interface Program {
  /** From its start until it could be asked, in milliseconds. */
  readonly bootTime: number;
  ask(order: Order): Promise<End>;
  /** Ends it, if it still lives. */
  end(): Promise<void>;
}

/** Processes that are started before somebody needs them. */
export interface ProcessPool {
  take(): Promise<Program>;
  stop(): Promise<void>;
}

export async function createProcessPool({ spares, folder }: { readonly spares: number; readonly folder: string }): Promise<ProcessPool> {
  const file = await bundleProgram(folder);
  const living = new Set<Program>();
  const start = async (): Promise<Program> => {
    const program = await startProgram(file);
    living.add(program);
    return program;
  };
  const waiting = Array.from({ length: spares }, start);
  return {
    async take() {
      waiting.push(start());
      const program = await waiting.shift();
      if (program === undefined) throw new Error("There is always one");
      return { ...program, end: () => program.end().finally(() => living.delete(program)) };
    },
    async stop() {
      await Promise.allSettled(waiting);
      await Promise.all([...living].map((program) => program.end()));
    },
  };
}

/** In one file, because a start costs more than what is done then. */
async function bundleProgram(folder: string): Promise<string> {
  const outfile = join(folder, "program.mjs");
  await build({
    entryPoints: [join(import.meta.dirname, "program.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    external: ["pg-native"],
    logLevel: "error",
  });
  return outfile;
}

async function startProgram(file: string): Promise<Program> {
  const child = fork(file, [], {
    execArgv: ["--disable-warning=ExperimentalWarning"],
    stdio: ["ignore", "inherit", "inherit", "pipe", "ipc"],
    env: { PATH: process.env["PATH"] ?? "", NODE_COMPILE_CACHE: `${file}.compiled` },
  });
  const exited = once(child, "exit");
  const lastWords = text(child.stdio[3] as Readable);
  const killed = exited.then(async () => ({ kind: "killed", at: await lastWords }) as const);
  const first = await Promise.race([nextAnswer(child), killed]);
  if (first.kind !== "ready") throw new Error(`The program does not start: ${JSON.stringify(first)}`);
  return {
    bootTime: first.bootTime,
    async ask(order) {
      const answer = nextAnswer(child);
      child.send(order);
      const end = await Promise.race([answer, killed]);
      if (end.kind === "ready") throw new Error("It was ready before");
      return end;
    },
    async end() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

async function nextAnswer(child: ChildProcess): Promise<Answer> {
  const [answer] = (await once(child, "message")) as [Answer];
  return answer;
}
