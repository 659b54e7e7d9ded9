import { Readable } from "node:stream";
import { expect, test, vi } from "vitest";
import * as z from "zod";
import {
  createDeployer,
  definePlugin,
  definePluginCommand,
  secret,
  type AnyPlugin,
  type CommandOutcome,
  type Deployer,
  type PluginCommand,
  type SecretReference,
} from "../../src/index.js";
import type { CliInput } from "../../src/cli/index.js";
import { memoryStore } from "../../src/store/memory-store.js";
import { readJsonLines } from "./json-line-schema.js";
import { runCommand, startCommand } from "./run-command.js";

interface Settings {
  readonly token: SecretReference;
  readonly folder: string;
}

const define = definePluginCommand<Settings>();

const shelf = definePlugin({
  id: "shelf",
  provides: ["target"],
  options: z.strictObject({}),
  setup: () => {
    throw new Error("a command sets nothing up");
  },
});

const look = define({
  name: "look",
  brief: "Look at boxes",
  description: "Looks at the boxes of an environment.",
  subject: { kind: "environment", optional: true },
  effect: "reads",
  flags: {
    limit: { brief: "How many", value: "number", schema: z.coerce.number("It is a number.").int("It is a whole number.") },
    only: { brief: "One of them", value: "name", many: true },
    all: { brief: "Also old ones" },
  },
  examples: ["boxes look production"],
  run: ({ flags, environment, settings, reporter, plugin, log }) => {
    const { limit, only, all } = flags;
    log.info("looking");
    reporter.answer("boxes", { limit: limit ?? null, only, all, plugin, environment: environment?.name ?? null, folder: settings.folder });
    reporter.text([`${String(limit ?? "all")} boxes`]);
    return Promise.resolve({ end: "success", next: ["boxes break production"] });
  },
});

const breakThem = define({
  name: "break",
  brief: "Break boxes",
  description: "Breaks a box.",
  subject: { kind: "environment" },
  effect: "acts",
  untouched: "Nothing was broken.",
  flags: { yes: { brief: "Do not ask" } },
  examples: ["boxes break production --yes"],
  async run({ flags, reporter, options, actor, environment }) {
    const { token } = await options();
    if (!flags.yes && (await reporter.confirm("Break it?")) !== true) return { end: "refused" };
    reporter.begins();
    if (process.env["BOXES_JAM"] === "yes") throw new Error("the box is jammed");
    reporter.text([`broken by ${actor.name} in ${environment?.kind ?? "?"} with ${token.reveal()}`]);
    return { end: "success" };
  },
});

function deployerOf({
  plugins,
  commands = [look, breakThem],
  group = "boxes",
}: {
  readonly plugins?: readonly AnyPlugin[];
  readonly commands?: readonly PluginCommand<Settings>[];
  readonly group?: string;
} = {}): Deployer {
  const boxes = definePlugin({
    id: "boxes",
    provides: [],
    options: z.strictObject({ token: z.custom<SecretReference>(() => true), folder: z.string().default("./boxes") }),
    commands: { name: group, brief: "Boxes of the application", commands },
    setup: () => {
      throw new Error("a command sets nothing up");
    },
  });
  return createDeployer({
    application: "shop",
    store: { ...memoryStore(), singleMachine: true },
    plugins: [shelf(), ...(plugins ?? [boxes({ token: secret("BOX_TOKEN") })])] as readonly AnyPlugin[],
    environments: { production: { target: "shelf" }, staging: { target: "shelf" } } as never,
  });
}

const env = { BOX_TOKEN: "box-token-12345", GITHUB_ACTOR: "ada" };

function typed(text: string): CliInput {
  return Object.assign(Readable.from([text]), { isTTY: true }) as CliInput;
}

test("its flags are checked and converted by their schemas, and it needs no environment where it says so", async () => {
  const { exitCode, stdout } = await runCommand(deployerOf(), "boxes look --limit 3 --only a --only b --json");
  expect(exitCode).toBe(0);
  expect(readJsonLines(stdout)).toMatchObject([
    { type: "prelude", command: "boxes look", environment: null },
    { type: "notice", message: "looking" },
    {
      type: "answer",
      kind: "boxes",
      data: { limit: 3, only: ["a", "b"], all: false, plugin: "boxes", environment: null, folder: "./boxes" },
    },
    { type: "summary", exitCode: 0, next: ["node deploy.ts boxes break production"] },
  ]);
  const without = await runCommand(deployerOf(), "boxes look production --json");
  expect(readJsonLines(without.stdout)[2]).toMatchObject({ data: { limit: null, only: [], all: false, environment: "production" } });
});

test.for([
  ["boxes look --limit many", '"many" is nothing for --limit. It is a number.'],
  ["boxes look --limit 1.5", "It is a whole number."],
  ["boxes look --limt 3", "There is no flag --limt. Did you mean --limit?"],
  ["boxes loop", 'There is no command "loop". Did you mean `look`?'],
  ["boxes look production staging", '"staging" is one word too many.'],
  ["boxes break", "Say which environment: production, staging."],
] as const)("%s is refused", async ([words, problem]) => {
  const { exitCode, stderr, stdout } = await runCommand(deployerOf(), words, { env });
  expect(exitCode).toBe(64);
  expect(stderr).toContain(problem);
  expect(stdout).toBe("");
});

test("help lists the group, its commands and their flags", async () => {
  expect((await runCommand(deployerOf(), "--help")).stdout).toMatch(/^ {2}boxes +Boxes of the application$/m);
  const group = (await runCommand(deployerOf(), "boxes --help")).stdout;
  expect(group).toContain("Usage: node deploy.ts boxes <command> [flags]");
  expect(group).toMatch(/^ {2}break +Break boxes$/m);
  const command = (await runCommand(deployerOf(), "boxes break --help")).stdout;
  expect(command).toContain("Usage: node deploy.ts boxes break [environment] [flags]");
  expect(command).toMatch(/--yes +Do not ask/);
  expect(command).toMatch(/--actor <name>/);
});

test("it has its own secrets, and says none of them", async () => {
  const { exitCode, stdout } = await runCommand(deployerOf(), "boxes break production --yes", { env });
  expect(exitCode).toBe(0);
  expect(stdout).toBe("broken by ada in production with [redacted:BOX_TOKEN]\n");
  const without = await runCommand(deployerOf(), "boxes break production --yes");
  expect(without.exitCode).toBe(2);
  expect(without.stderr).toContain("No value for BOX_TOKEN in production.");
  expect(without.stderr).toContain("Nothing was broken.");
});

test("of what has begun to act it is not said that nothing was done", async () => {
  vi.stubEnv("BOXES_JAM", "yes");
  const { exitCode, stderr } = await runCommand(deployerOf(), "boxes break production --yes", { env });
  vi.unstubAllEnvs();
  expect(exitCode).toBe(1);
  expect(stderr).toContain("the box is jammed");
  expect(stderr).not.toContain("Nothing was broken.");
});

test.for([
  ["y\n", 0],
  ["n\n", 5],
  ["", 5],
] as const)("a person who answers %j is asked", async ([answer, expected]) => {
  const { exitCode, stdout } = await runCommand(deployerOf(), "boxes break production", {
    ...{ env, stdin: typed(answer), terminal: { columns: 80 } },
  });
  expect(exitCode).toBe(expected);
  expect(stdout).toContain("Break it? [y/N] ");
});

test("nobody is asked where nobody watches", async () => {
  const { exitCode, stdout } = await runCommand(deployerOf(), "boxes break production", { env, stdin: typed("y\n") });
  expect(exitCode).toBe(5);
  expect(stdout).toBe("");
});

test("where an environment uses several of them, one is named", async () => {
  const boxes = definePlugin({
    id: "boxes",
    provides: [],
    options: z.strictObject({ folder: z.string().default("./boxes") }),
    commands: { name: "boxes", brief: "Boxes", commands: [look] },
    setup: () => ({}),
  });
  const plugins = [boxes({ name: "eu" } as never), boxes({ name: "us" } as never)];
  const unclear = await runCommand(deployerOf({ plugins }), "boxes look production");
  expect(unclear.exitCode).toBe(64);
  expect(unclear.stderr).toContain("boxes can be about eu or us.");
  const { stdout } = await runCommand(deployerOf({ plugins }), "boxes look production --plugin us --json");
  expect(readJsonLines(stdout)[2]).toMatchObject({ data: { plugin: "us" } });
});

test("a command that there is already is a problem of the configuration, told before anything runs", async () => {
  const { exitCode, stderr } = await runCommand(deployerOf({ group: "status" }), "history");
  expect(exitCode).toBe(2);
  expect(stderr).toContain("brings the command `status`, which there is already");
});

test("Ctrl-C tells what acts to stop and waits for it; the second one leaves", async () => {
  const stopped = vi.fn<(reason: unknown) => void>();
  const hang = define({
    ...{ name: "hang", brief: "Hang", description: "Hangs.", effect: "acts", flags: {}, examples: ["boxes hang production"] },
    subject: { kind: "environment" },
    run: ({ signal }) =>
      new Promise<CommandOutcome>((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          stopped(signal.reason);
          reject(signal.reason as Error);
        });
      }),
  });
  const { signals, stderr, ended } = startCommand(deployerOf({ commands: [hang] }), "boxes hang production", { env });
  await vi.waitFor(() => {
    signals.emit("SIGINT");
    expect(stopped).toHaveBeenCalled();
  }, 60_000);
  expect(await ended).toBe(8);
  expect(stderr.text).toContain("Stopped by Ctrl-C.");
});
