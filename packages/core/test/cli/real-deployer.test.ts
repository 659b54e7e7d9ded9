import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as z from "zod";
import {
  createDeployer,
  definePlugin,
  directory,
  fail,
  coreErrors,
  isSecretReference,
  secret,
  type CheckStatus,
  type Deployer,
  type SecretReference,
} from "../../src/index.js";
import { sqliteStore } from "../../src/store/sqlite-store.js";
import { systemClock } from "../../src/time/clock.js";
import { readJsonLines, type JsonLine } from "./json-line-schema.js";
import { runCommand, startCommand, type CommandRun, type RunOptions } from "./run-command.js";

/** A target and what can be wrong with it. It outlives the deployers that use it, as a provider does. */
interface World {
  readonly made: Map<string, string>;
  current: string | undefined;
  candidate: CheckStatus;
  live: CheckStatus;
  provider: CheckStatus;
  /** Candidates that cannot be promoted any more. */
  readonly broken: Set<string>;
  /** Holds the next `prepare` until it is called. */
  hold: Promise<void> | undefined;
}

interface Scene {
  readonly world: World;
  /** The content that the next deployment deploys. */
  write(content: string): void;
  deployer(): Deployer;
  run(words: string, options?: RunOptions): Promise<{ readonly exitCode: number; readonly stdout: string; readonly stderr: string }>;
  start(words: string): CommandRun;
}

function createScene(): Scene {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-cli-"));
  const site = mkdtempSync(join(tmpdir(), "fairlead-site-"));
  const world: World = {
    made: new Map(),
    current: undefined,
    candidate: "up",
    live: "up",
    provider: "up",
    broken: new Set(),
    hold: undefined,
  };
  const plugin = definePlugin({
    id: "fake",
    provides: ["target", "checks"],
    options: z.strictObject({ token: z.custom<SecretReference>(isSecretReference) }),
    setup: () => ({
      checks: [
        {
          scope: "provider",
          name: "token",
          run: () => ({ status: world.provider, message: "the token was rejected", hint: "Make a new one." }),
        },
        {
          scope: "candidate",
          name: "answers",
          run: ({ live }: { readonly live: boolean }) => ({ status: live ? world.live : world.candidate }),
        },
      ],
      target: {
        roles: ["web"],
        description: "a target in memory",
        async prepare({ key }, { log, signal }) {
          log.info("uploading");
          if (world.hold !== undefined) await Promise.race([world.hold, whenAborted(signal)]);
          const id = world.made.get(key) ?? `c${String(world.made.size + 1)}`;
          world.made.set(key, id);
          return { id };
        },
        async observe({ key }) {
          const id = world.made.get(key);
          return id === undefined ? { status: "absent" } : { status: "applied", candidate: { id } };
        },
        async promote({ candidate }) {
          if (world.broken.has(candidate.id)) throw fail(coreErrors, "STEP_INDETERMINATE", { step: "promote", reason: "it says no" });
          world.current = candidate.id;
        },
        current: async () => (world.current === undefined ? undefined : { candidate: { id: world.current }, settled: true }),
        retained: async () =>
          [...world.made.values()]
            .filter((id) => id !== world.current)
            .map((id) => ({ candidate: { id }, createdAt: "2026-01-01T00:00:00Z" })),
        discard: async () => undefined,
      },
    }),
  });
  const deployer = (): Deployer =>
    createDeployer({
      application: "shop",
      store: sqliteStore({ path: join(folder, "journal.db") }),
      plugins: [plugin({ token: secret("TOKEN") })],
      leaseTtl: "500ms",
      environments: {
        development: {
          target: "fake",
          source: directory(site),
          allowDirty: true,
          bake: { for: "200ms", every: "100ms" },
          verify: { within: "1s" },
          timeouts: { settle: "0s" },
        },
      },
    });
  const env = { TOKEN: "a-token-of-some-length", GITHUB_ACTOR: "ada" };
  writeFileSync(join(site, "index.html"), "1");
  return {
    world,
    write: (content) => writeFileSync(join(site, "index.html"), content),
    deployer,
    run: (words, options = {}) => runCommand(deployer(), words, { env, clock: systemClock, ...options }),
    start: (words) => startCommand(deployer(), words, { env, clock: systemClock }),
  };
}

function summaryOf(stdout: string): Extract<JsonLine, { type: "summary" }> {
  const last = readJsonLines(stdout).at(-1);
  if (last?.type !== "summary") throw new Error("no summary");
  return last;
}

test("the way of a release: planned, deployed, shown, and nothing to do the second time", async () => {
  const { run } = createScene();
  expect(await run("plan --detailed-exit-code")).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("web.promote") });
  const deployed = await run("deploy");
  expect(deployed).toMatchObject({ exitCode: 0, stderr: "" });
  expect(deployed.stdout).toMatch(/development serves rel_\w{26} \(.*\)\.\n {2}serves now\n {4}web {2}rel_\w{26} as c1/);
  expect((await run("plan --detailed-exit-code")).exitCode).toBe(7);
  expect((await run("deploy --detailed-exit-code")).exitCode).toBe(7);
  expect(await run("status")).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("✔ web  serves c1 at fake") });
  expect((await run("history --json")).stdout.match(/"type":"deployment"/g)).toHaveLength(2);
  const [newest] = readJsonLines((await run("history --json")).stdout).flatMap((line) =>
    line.type === "deployment" ? [line.deployment.id] : [],
  );
  expect((await run(`logs ${String(newest)}`)).exitCode).toBe(0);
  expect(await run("adopt")).toMatchObject({ exitCode: 5, stderr: expect.stringContaining("ALREADY_ADOPTED") });
});

test("JSON lines of a real deployment are of the format", async () => {
  const { run } = createScene();
  for (const words of ["plan", "deploy", "status", "history", "logs development", "health", "doctor", "recover", "deploy nowhere"]) {
    const { exitCode, stdout } = await run(`${words} --json`);
    expect(summaryOf(stdout).exitCode).toBe(exitCode);
  }
});

test("a release that is not well is taken back: 4", async () => {
  const { world, write, run } = createScene();
  await run("deploy");
  write("2");
  world.candidate = "down";
  expect(await run("deploy")).toMatchObject({ exitCode: 4, stdout: expect.stringContaining("VERIFICATION_FAILED") });
  world.candidate = "up";
  world.live = "down";
  expect(await run("deploy")).toMatchObject({ exitCode: 4, stdout: expect.stringContaining("BAKE_FAILED") });
  expect(world.current).toBe("c1");
});

test("missing secrets are a report of the configuration, and nothing is touched: 2", async () => {
  const { world, run } = createScene();
  const { exitCode, stderr } = await run("deploy", { env: {} });
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining("1. secret TOKEN has no value in development.")]);
  expect((await run("doctor", { env: {} })).exitCode).toBe(2);
  expect(world.made.size).toBe(0);
  expect((await run("history")).stdout).toContain("Nothing has been deployed yet.");
});

test("a provider that is not ready refuses the deployment: 5, and doctor says why: 1", async () => {
  const { world, run } = createScene();
  world.provider = "down";
  expect(await run("deploy")).toMatchObject({ exitCode: 5, stdout: expect.stringContaining("PREFLIGHT_FAILED") });
  expect(await run("doctor")).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("Make a new one.") });
});

test("what is not there is not found: 6", async () => {
  const { run } = createScene();
  expect((await run("deploy nowhere")).exitCode).toBe(6);
  expect((await run("logs dep_nothing")).exitCode).toBe(6);
  expect((await run("logs")).exitCode).toBe(6);
  expect((await run("abort")).exitCode).toBe(6);
  await run("deploy");
  expect((await run("rollback --to rel_nothing")).exitCode).toBe(6);
  expect((await run("rollback")).exitCode).toBe(5);
});

test("two retained releases: rollback goes back", async () => {
  const { world, write, run } = createScene();
  await run("deploy");
  write("2");
  await run("deploy");
  expect(world.current).toBe("c2");
  expect(await run("rollback")).toMatchObject({ exitCode: 0 });
  expect(world.current).toBe("c1");
});

test("an environment that is being deployed is busy: 11, with its holder; its deployment can be aborted from elsewhere: 8 there, 0 here", async () => {
  const { world, write, run, start } = createScene();
  await run("deploy");
  write("2");
  const { promise, resolve } = Promise.withResolvers<undefined>();
  world.hold = promise;
  const first = start("deploy");
  await until(() => first.stdout.text.includes("uploading"));
  write("3");
  const { exitCode, stderr } = await run("deploy");
  expect([exitCode, stderr]).toEqual([11, expect.stringMatching(/development is being deployed by .+ for .+ \(deployment dep_\w+\)/)]);
  const [stopped, aborted] = await Promise.all([first.ended, run("abort development")]);
  resolve(undefined);
  expect([stopped, aborted.exitCode]).toEqual([8, 0]);
  expect(world.current).toBe("c1");
});

test("Ctrl-C once takes back: 8; twice leaves it: 8, and recover finishes it", async () => {
  const { world, write, run, start } = createScene();
  await run("deploy");
  write("2");
  world.hold = new Promise(() => undefined);
  const once = start("deploy");
  await until(() => once.stdout.text.includes("uploading"));
  once.signals.emit("SIGINT");
  expect(await once.ended).toBe(8);
  expect((await run("status")).stdout).not.toContain("under way");
  const twice = start("deploy");
  await until(() => twice.stdout.text.includes("uploading"));
  twice.signals.emit("SIGINT");
  twice.signals.emit("SIGINT");
  expect(await twice.ended).toBe(8);
  expect(twice.stdout.text).toContain("is finished by: node deploy.ts recover development");
  world.hold = undefined;
  expect((await run("status")).stdout).toContain("under way");
  const recovered = await run("recover development");
  expect([0, 8]).toContain(recovered.exitCode);
  expect((await run("status")).stdout).not.toContain("under way");
});

test("what cannot be taken back needs attention: 10; it can be tried again, and given up", async () => {
  const { world, write, run } = createScene();
  await run("deploy");
  write("2");
  world.live = "down";
  world.broken.add("c1");
  const { exitCode, stdout } = await run("deploy");
  expect([exitCode, stdout]).toEqual([10, expect.stringContaining("development needs attention: Taking back web.promote did not work.")]);
  expect(await run("deploy")).toMatchObject({ exitCode: 10, stderr: expect.stringContaining("ENVIRONMENT_NEEDS_ATTENTION") });
  expect(await run("abort")).toMatchObject({ exitCode: 10, stderr: expect.stringContaining("DEPLOYMENT_WAITING") });
  expect((await run("retry")).exitCode).toBe(10);
  world.broken.clear();
  expect((await run("retry")).exitCode).toBe(4);
  expect(world.current).toBe("c1");
  world.broken.add("c1");
  expect((await run("deploy")).exitCode).toBe(10);
  expect((await run("", { argv: ["abandon", "development", "--reason", "put right by hand"] })).exitCode).toBe(0);
  expect((await run("abandon --reason again")).exitCode).toBe(6);
});

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => {
      reject(signal.reason as Error);
    });
  });
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test("a journal is exported to a file that is proved by itself, and what was changed in it is told", async () => {
  const { run } = createScene();
  await run("deploy development");
  const file = join(mkdtempSync(join(tmpdir(), "fairlead-export-")), "journal.jsonl");
  expect(await run(`export development --out ${file}`)).toMatchObject({ exitCode: 0 });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect((await run(`verify --file ${file}`)).exitCode).toBe(0);
  const { stdout } = await run(`verify --file ${file} --json`);
  expect(readJsonLines(stdout).find(({ type }) => type === "verification")).toMatchObject({ file, report: { problems: [] } });
  expect((await run("verify development")).exitCode).toBe(0);

  writeFileSync(file, readFileSync(file, "utf8").replace('"uploading"', '"uploaded"'));
  const changed = await run(`verify --file ${file}`);
  expect(changed.exitCode).toBe(1);
  expect(changed.stdout).toContain("does not match its hash");
  expect((await run(`verify --file ${file}.gone`)).exitCode).toBe(64);
  expect((await run(`export development --out ${file}/nowhere`)).exitCode).toBe(64);
});

test("what is pruned is written to a proved file first", async () => {
  const { run, world, write } = createScene();
  const folder = mkdtempSync(join(tmpdir(), "fairlead-prune-"));
  expect((await run("deploy development")).exitCode).toBe(0);
  world.candidate = "down";
  write("another");
  expect((await run("deploy development")).exitCode).toBe(4);
  expect(await run("prune development")).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("PRUNE_LIMIT_MISSING") });
  expect((await run("prune development --older-than 1ms --keep 0 --dry-run")).stdout).toContain("would be removed");
  expect(readdirSync(folder)).toEqual([]);
  expect((await run(`prune development --older-than 1ms --keep 0 --export ${join(folder, "new")} --json`)).exitCode).toBe(0);
  const [file = "", ...others] = readdirSync(join(folder, "new"));
  expect([file, others]).toEqual([expect.stringMatching(/^shop_development_.*\.jsonl$/), []]);
  expect(statSync(join(folder, "new", file)).mode & 0o777).toBe(0o600);
  expect((await run(`verify --file ${join(folder, "new", file)}`)).exitCode).toBe(0);
  expect((await run("prune development --older-than 1ms --keep 0")).stdout).toContain("Nothing is that old, or all of it is still needed.");
  expect((await run("history --since 1d")).stdout).toContain("were removed");
  expect((await run(`prune --older-than soon`)).exitCode).toBe(64);
});
