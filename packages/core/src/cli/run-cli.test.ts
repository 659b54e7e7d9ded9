import { readFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { createFakeDeployer, fakeStatus } from "../../test/cli/fake-deployer.js";
import { fakeSummary } from "../../test/cli/fake-reports.js";
import { runCommand, startCommand } from "../../test/cli/run-command.js";
import { createTestClock } from "../../test/cli/test-clock.js";
import { BrokenStream } from "../../test/cli/test-streams.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";
import { commands } from "./commands/index.js";

const names = commands.map(({ documentation }) => documentation.name);

test("help lists the commands", async () => {
  const { exitCode, stdout } = await runCommand(createFakeDeployer(), "--help");
  expect(exitCode).toBe(0);
  expect(stdout).toMatchInlineSnapshot(`
    "Usage: node deploy.ts <command> [flags]

    Deploys shop. Environments: production.

    Commands
      plan         Show what deploy would do; changes nothing
      deploy       Deploy a release and watch it to its end
      status       Show what serves now and what is under way
      history      Show deployments, the newest first, and what they come to
      explain      Tell what happened in a deployment, and why
      logs         Show what the steps of a deployment logged
      rollback     Put a retained release back
      recover      Go on with what a process that is gone left behind
      abort        Ask a deployment to stop; what was begun is taken back
      approve      Agree to a deployment that waits for approval
      reject       Refuse a deployment that waits for approval
      pause        Let no further step of a deployment begin
      resume       Let a deployment that was paused go on
      advance      Leave the gates that a deployment is in
      advance-all  Leave all gates of a deployment, now and later
      freeze       Stop the line: let nothing but a rollback begin
      unfreeze     Let deployments begin again
      unpin        End the pin that a rollback left
      release      Let a deployment begin although it is held
      retry        Try again what a deployment that needs attention failed in
      take-back    Take back a deployment that needs attention all the same
      abandon      Give up a deployment that needs attention
      adopt        Record what serves now as the first release
      redeliver    Try messages again that could not be delivered
      health       Ask the application's checks once
      incident     Show, open or update incidents of the status page
      maintenance  Show, announce or change maintenances of the status page
      status-page  Show what the status page says, or write it to a folder
      doctor       Look for what would keep a deployment from working
      export       Write the journal to a file that can be verified by itself
      verify       Prove that a journal is as it was written
      prune        Remove old deployments from the journal

    Flags
      -h, --help     Show this help
      -v, --version  Show the version of Fairlead

    Examples
      node deploy.ts plan
      node deploy.ts deploy
      node deploy.ts status
      node deploy.ts deploy --help
    "
  `);
});

test("help of a command shows its flags and examples", async () => {
  const { exitCode, stdout } = await runCommand(createFakeDeployer(), "deploy --help");
  expect(exitCode).toBe(0);
  expect(stdout).toMatchInlineSnapshot(`
    "Usage: node deploy.ts deploy [environment] [flags]

    Makes the plan, records the deployment and drives it. A release that fails takes
    itself back. Ctrl-C asks it to stop.

    [environment]
      Its name; not needed where there is one

    Flags
      --reason <text>           Why; kept in the history
      --actor <name>            Who; else from CI, git or the system
      --detailed-exit-code      End with 7 if there is nothing to do
      --key <key>               The same key gives the same deployment
      --accept <needs-down|irreversible>
                                Migrations that bar the way back
      --force                   Deploy also what serves already
      --unpin                   Deploy although a rollback has pinned the
                                environment
      --no-wait                 Do not wait with a deployment that may not begin yet
      --json                    Answer in JSON lines
      --no-color                No colours
      -h, --help                Show this help

    Examples
      node deploy.ts deploy production
      node deploy.ts deploy production --reason "mend the basket"
      node deploy.ts deploy staging --key build-1742 --json
    "
  `);
});

test.for(names)("help of %s fits a terminal of 80 columns and has examples", async (name) => {
  const { exitCode, stdout } = await runCommand(createFakeDeployer(), `${name} --help`, { terminal: { columns: 80 } });
  expect(exitCode).toBe(0);
  expect(stdout).toContain(`  node deploy.ts ${name}`);
  for (const line of stripVTControlCharacters(stdout).split("\n")) expect(line.length).toBeLessThanOrEqual(80);
});

test("the page lists every command with its flags", () => {
  const page = readFileSync(new URL("../../../../docs/command-line.md", import.meta.url), "utf8");
  const [section = ""] = page.split("## Commands")[1]?.split("\n## ") ?? [];
  const rows = section
    .split("\n")
    .filter((line) => /^\| `[a-z][a-z-]*` /.test(line))
    .map((line) => line.split("|").map((cell) => cell.trim().replaceAll("`", "")))
    .map(([, name, , brief, flags]) => [name, brief, flags]);
  expect(rows).toEqual(
    commands.map(({ documentation: { name, brief, flags } }) => [
      name,
      brief,
      flags
        .map((flag) => flag.name)
        .filter((flag) => flag !== "--json" && flag !== "--no-color")
        .join(" "),
    ]),
  );
});

test("the version is that of the package", async () => {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { readonly version: string };
  expect(await runCommand(createFakeDeployer(), "--version")).toMatchObject({ exitCode: 0, stdout: `@fairlead/core ${version}\n` });
});

test.for([
  ["", /Usage: node deploy\.ts/],
  ["depoly", /There is no command "depoly"\. Did you mean `deploy`\?/],
  ["deploy --reson x", /There is no flag --reson\. Did you mean --reason\?/],
  ["deploy -x", /There is no flag -x\./],
  ["deploy production twice", /"twice" is one word too many\./],
  ["deploy --reason", /--reason needs a value\./],
  ["deploy --accept everything", /"everything" is nothing for --accept\. There are: needs-down, irreversible\./],
  ["history --limit 0", /"0" is nothing for --limit\. It is a number from 1 to 1000\./],
  ["abandon production", /--reason needs a value\./],
  ["deploy --key a --key b", /--key is there twice\./],
] as const)("wrong usage (%s) ends with 64 and calls nothing", async ([words, said]) => {
  const deployer = createFakeDeployer();
  const { exitCode, stdout, stderr } = await runCommand(deployer, words);
  expect(exitCode).toBe(64);
  expect(stdout + stderr).toMatch(said);
  expect(deployer.calls).toEqual([["close", { within: "0s" }]]);
});

test("an environment may be left out only where there is one", async () => {
  const one = createFakeDeployer({ status: () => Promise.resolve(fakeStatus()) });
  expect((await runCommand(one, "status")).exitCode).toBe(0);
  expect(one.calls[0]).toEqual(["status", "production"]);
  const two = createFakeDeployer({}, ["staging", "production"]);
  const { exitCode, stderr } = await runCommand(two, "status");
  expect(exitCode).toBe(64);
  expect(stderr).toContain("Say which environment: staging, production.");
});

test("an instance of a template is an environment, a misspelt one is not", async () => {
  const status = () => Promise.resolve(fakeStatus());
  expect((await runCommand(createFakeDeployer({ status }, ["preview"]), "status preview/pr-12")).exitCode).toBe(0);
  expect((await runCommand(createFakeDeployer({ status }, ["eu/production"]), "status eu/production")).exitCode).toBe(0);
  const unknown = await runCommand(createFakeDeployer({ status }), "status prod");
  expect(unknown.exitCode).toBe(6);
  expect(unknown.stderr).toContain('There is no environment "prod". There are: production.');
});

test("a configuration with problems gives one numbered report", async () => {
  const problems = [
    { place: "environments.production.target", problem: 'names "vercle", and there is no such plugin.', remedy: "Use one of: vercel." },
    { place: "secret VERCEL_TOKEN", problem: "has no value in production.", remedy: "Set it in the environment of the process." },
  ];
  const deployer = createFakeDeployer({ deploy: () => Promise.reject(fail(coreErrors, "CONFIGURATION_INVALID", { problems })) });
  const { exitCode, stderr } = await runCommand(deployer, "deploy");
  expect(exitCode).toBe(2);
  expect(stderr).toMatchInlineSnapshot(`
    "✖ The configuration has 2 problems:
      1. environments.production.target names "vercle", and there is no such plugin.
         → Use one of: vercel.
      2. secret VERCEL_TOKEN has no value in production.
         → Set it in the environment of the process.
      Mend what is listed; nothing has been touched.
      CONFIGURATION_INVALID
      Nothing was recorded, nothing was deployed.
    next:
      node deploy.ts doctor
    "
  `);
});

test("a busy environment is told with its holder and for how long", async () => {
  const data = {
    environment: "production",
    deploymentId: "dep_other",
    holder: "ci on runner-3 (process 41)",
    lastHolder: "ci on runner-3 (process 41)",
    since: "2026-11-21T09:58:00.000Z",
    age: "2 m 00 s",
  };
  const deployer = createFakeDeployer({ deploy: () => Promise.reject(fail(coreErrors, "ENVIRONMENT_BUSY", data)) });
  const { exitCode, stderr } = await runCommand(deployer, "deploy production");
  expect(exitCode).toBe(11);
  expect(stderr).toMatchInlineSnapshot(`
    "✖ production is being deployed by ci on runner-3 (process 41) for 2 m 00 s (deployment dep_other).
      Wait for it, or stop it with \`abort dep_other\`.
      ENVIRONMENT_BUSY
      Nothing was recorded, nothing was deployed.
    next:
      node deploy.ts status production
      node deploy.ts abort dep_other
    "
  `);
});

const held = { environment: "production", deploymentId: "dep_other", since: "2026-11-21T09:58:00.000Z", age: "2 m 00 s" };

test.for([
  {
    error: fail(coreErrors, "ENVIRONMENT_BUSY", { ...held, holder: null, lastHolder: "ci on runner-3 (process 41)" }),
    exit: 11,
    says: "whose process, ci on runner-3 (process 41), is gone",
    next: "node deploy.ts recover production",
  },
  {
    error: fail(coreErrors, "ENVIRONMENT_NEEDS_ATTENTION", { ...held, reason: "Taking back web.promote did not work." }),
    exit: 10,
    says: "which waits for a decision: Taking back web.promote did not work.",
    next: "node deploy.ts retry dep_other",
  },
])("of an environment that is held and not deployed to it is told what frees it: $exit", async ({ error, exit, says, next }) => {
  const { exitCode, stderr } = await runCommand(createFakeDeployer({ deploy: () => Promise.reject(error) }), "deploy production");
  expect(exitCode).toBe(exit);
  expect(stderr).toContain(says);
  expect(stderr).toContain(next);
  expect(stderr).not.toContain("abort dep_other");
});

test("after an answer that never came nobody claims that nothing happened", async () => {
  const error = fail(coreErrors, "STORE_UNAVAILABLE", { store: "PostgreSQL", problem: "connection reset" });
  const { exitCode, stderr } = await runCommand(createFakeDeployer({ deploy: () => Promise.reject(error) }), "deploy");
  expect(exitCode).toBe(1);
  expect(stderr).toContain("Whether anything was recorded is not known");
  expect(stderr).not.toContain("Nothing was recorded");
});

test("an error that is not ours is told, without its stack, and ends with 1", async () => {
  const { exitCode, stderr } = await runCommand(
    createFakeDeployer({ plan: () => Promise.reject(new TypeError("x is not a function")) }),
    "plan",
  );
  expect(exitCode).toBe(1);
  expect(stderr).toContain("x is not a function");
  expect(stderr).not.toContain("at ");
});

test("what comes from elsewhere cannot steer the terminal", async () => {
  const error = new Error("bad\u001B[2J\u0007 thing\r\u009B31m");
  const { stderr } = await runCommand(createFakeDeployer({ plan: () => Promise.reject(error) }), "plan");
  expect(stderr).toContain("bad thing");
  // eslint-disable-next-line no-control-regex -- that is what is looked for
  expect(stderr).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/);
});

test("messages are delivered at the end of what acts, and not of what reads", async () => {
  const reads = createFakeDeployer({ history: () => Promise.resolve({ items: [] }) });
  await runCommand(reads, "history");
  expect(reads.calls.at(-1)).toEqual(["close", { within: "0s" }]);
  const acts = createFakeDeployer({ deploy: () => Promise.reject(new Error("no")) });
  await runCommand(acts, "deploy");
  expect(acts.calls.at(-1)).toEqual(["close", { within: "4s" }]);
});

test("what cannot be let go of at the end is told and changes nothing", async () => {
  const deployer = createFakeDeployer({
    history: () => Promise.resolve({ items: [] }),
    close: () => Promise.reject(new Error("pool is busy")),
  });
  const { exitCode, stderr } = await runCommand(deployer, "history");
  expect(exitCode).toBe(0);
  expect(stderr).toContain("Not everything could be let go of: pool is busy");
});

test("until it is known, the process ends with 1: one that runs out of things to wait for has not succeeded", async () => {
  const { exitCodes, ended } = startCommand(createFakeDeployer({ history: () => Promise.resolve({ items: [] }) }), "history");
  await ended;
  expect(exitCodes).toEqual([1, 0]);
});

test("a reader that goes away changes nothing", async () => {
  const stdout = new BrokenStream(1);
  const items = [fakeSummary(), fakeSummary()];
  const deployer = createFakeDeployer({ history: () => Promise.resolve({ items }) });
  expect((await runCommand(deployer, "history --json", { stdout })).exitCode).toBe(0);
  expect(stdout.text.split("\n").length).toBeLessThan(4);
});

test("nothing is left behind: signals, streams and warnings are as they were", async () => {
  const { emitWarning } = process;
  const { stdout, stderr, signals, ended } = startCommand(createFakeDeployer({ history: () => Promise.resolve({ items: [] }) }), "history");
  expect(signals.listenerCount("SIGINT")).toBe(1);
  await ended;
  expect(["SIGINT", "SIGTERM", "exit"].map((name) => signals.listenerCount(name))).toEqual([0, 0, 0]);
  expect([stdout.listenerCount("error"), stderr.listenerCount("error")]).toEqual([0, 0]);
  expect(process.emitWarning).toBe(emitWarning);
});

test("secrets come from the process where the configuration names no source", async () => {
  let found: unknown;
  const deployer = {
    ...createFakeDeployer({ history: () => Promise.resolve({ items: [] }) }),
    useSecrets: (source: Parameters<ReturnType<typeof createFakeDeployer>["useSecrets"]>[0]) => {
      void source.resolve(["TOKEN", "EMPTY", "NONE"], {} as never).then((resolved) => (found = resolved));
    },
  };
  await runCommand(deployer, "history", { env: { TOKEN: "abc", EMPTY: "" } });
  expect(found).toEqual({ TOKEN: { value: "abc" } });
});

test("in CI a command that acts says that nobody else has its journal, and no other does", async () => {
  const recover = () => Promise.resolve({ deployments: [], refusals: [] });
  const store = { description: "SQLite file journal.db", shared: false, singleMachine: true };
  const warned = /SQLite file journal\.db, which only this machine has/;
  const run = (deployer: Parameters<typeof runCommand>[0], words: string, env: Record<string, string>) =>
    runCommand(deployer, words, { env: { GITHUB_ACTOR: "ada", ...env } });

  const own = { ...createFakeDeployer({ recover }), store };
  expect((await run(own, "recover", { CI: "true" })).stderr).toMatch(warned);
  expect((await run(own, "recover --json", { CI: "true" })).stdout).toMatch(warned);
  expect((await run(own, "status", { CI: "true" })).stderr).not.toMatch(warned);
  expect((await run(own, "recover", {})).stderr).not.toMatch(warned);
  expect((await run(createFakeDeployer({ recover }), "recover", { CI: "true" })).stderr).not.toMatch(warned);
});

test("a process in which nothing is left to wait for says so", async () => {
  const clock = createTestClock();
  const { signals, stderr, ended, exits } = startCommand(createFakeDeployer({ plan: () => new Promise(() => undefined) }), "plan", {
    clock,
  });
  await clock.advance(0);
  signals.emit("beforeExit");
  expect(await ended).toBe(1);
  expect(stderr.text).toContain("nothing is left that it could wait for");
  expect(exits).toEqual([1]);
});

test.for(["--key=", "--key= "])("a key that is empty is a mistake, and no environment: %s", async (flag) => {
  const deployer = createFakeDeployer();
  const { exitCode, stderr } = await runCommand(deployer, "", { argv: ["deploy", "production", flag] });
  expect(exitCode).toBe(64);
  expect(stderr).toContain("is nothing for --key. It is empty.");
  expect(deployer.calls.filter(([method]) => method === "deploy")).toEqual([]);
});

test("a reason that is empty is none", async () => {
  const deployer = createFakeDeployer({ deploy: () => Promise.reject(fail(coreErrors, "SOURCE_MISSING", { component: "web" })) });
  await runCommand(deployer, "", { argv: ["deploy", "production", "--reason="] });
  expect(deployer.calls[0]?.[0]).toBe("deploy");
  expect(deployer.calls[0]?.[1]).not.toHaveProperty("reason");
  expect((await runCommand(deployer, "", { argv: ["abandon", "production", "--reason="] })).exitCode).toBe(64);
});

test("words behind -- are no flags", async () => {
  const deployer = createFakeDeployer({ status: () => Promise.resolve(fakeStatus()) });
  expect((await runCommand(deployer, "status -- production")).exitCode).toBe(0);
  expect(deployer.calls[0]).toEqual(["status", "production"]);
  expect((await runCommand(deployer, "status -- --reason=")).exitCode).toBe(6);
});
