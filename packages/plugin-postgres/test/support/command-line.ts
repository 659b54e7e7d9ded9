import { EventEmitter } from "node:events";
import { createDeployer, definePlugin, memoryStore, secret, type AnyPlugin } from "@fairlead/core";
import { runCli } from "@fairlead/core/cli";
import * as z from "zod";
import { postgres } from "../../src/index.js";
import type { Scene } from "./scene.js";

/** What a command line said, and what it ended with. */
export interface Said {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command line of an application with a database: `await run("migrations status production")`. */
export function commandLineOf(
  { url, folder }: Pick<Scene, "url" | "folder">,
  more: { readonly env?: Readonly<Record<string, string>>; readonly actor?: string; readonly signals?: EventEmitter } = {},
): (words: string) => Promise<Said> {
  const nowhere = definePlugin({
    id: "nowhere",
    provides: ["target"],
    options: z.strictObject({}),
    setup: () => {
      throw new TypeError("nothing is deployed here");
    },
  });
  return async (words) => {
    const plugins: readonly AnyPlugin[] = [nowhere(), postgres({ url: secret("DATABASE_URL"), migrations: folder })];
    const environment = { target: "nowhere", migrator: "postgres" };
    const deployer = createDeployer({
      application: "shop",
      store: { ...memoryStore(), singleMachine: true },
      plugins,
      environments: { production: environment, staging: environment, development: environment } as never,
    });
    const [stdout, stderr] = [capture(), capture()];
    const exitCode = await runCli(deployer, {
      argv: words.split(" "),
      env: { DATABASE_URL: url, GITHUB_ACTOR: more.actor ?? "ada", CI: "true", ...more.env },
      name: "node deploy.ts",
      stdout: stdout.stream,
      stderr: stderr.stream,
      signals: more.signals ?? new EventEmitter(),
      setExitCode: () => undefined,
      exit: () => undefined,
    });
    return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
  };
}

/** The `data` of the answers among JSON lines. */
export function answersIn({ stdout }: Said): readonly Record<string, unknown>[] {
  const lines = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { type: string; kind?: string; data?: Record<string, unknown> });
  return lines.flatMap(({ type, data }) => (type === "answer" && data !== undefined ? [data] : []));
}

function capture() {
  let text = "";
  const stream = {
    write(part: string, written?: (error?: Error | null) => void) {
      text += part;
      written?.();
    },
    on: () => undefined,
    off: () => undefined,
  };
  return { stream, text: () => text };
}
