import { expect, test } from "vitest";
import { createFakeDeployer, fakeStatus, type FakeDeployer } from "../../../test/cli/fake-deployer.js";
import { createFakeDeployment, type FakeDeployment } from "../../../test/cli/fake-deployment.js";
import { fakePlan } from "../../../test/cli/fake-plan.js";
import { startCommand, type CommandRun, type RunOptions } from "../../../test/cli/run-command.js";
import { screenOf } from "../../../test/cli/terminal.js";
import { createTestClock, type TestClock } from "../../../test/cli/test-clock.js";
import type { SerializedError } from "../../errors/fairlead-error.js";

interface Scene extends CommandRun {
  readonly clock: TestClock;
  readonly deployer: FakeDeployer;
  readonly deployment: FakeDeployment;
}

/** A deployment that has just begun, and somebody who watches it. */
async function watch(options: RunOptions & { readonly plan?: ReturnType<typeof fakePlan> } = {}): Promise<Scene> {
  const { plan = fakePlan(), ...given } = options;
  const clock = createTestClock();
  const deployment = createFakeDeployment(clock, { plan, reason: "mend the basket" });
  const deployer = createFakeDeployer({ deploy: () => Promise.resolve(deployment), status: () => Promise.resolve(fakeStatus()) });
  const run = startCommand(deployer, "deploy", { clock, ...given });
  await clock.advance(0);
  return { ...run, clock, deployer, deployment };
}

const failure: SerializedError = {
  code: "VERIFICATION_FAILED",
  message: "web did not pass its verification: http_500 (15 samples).",
  hint: "Look at the logs of the candidate; nothing was moved to it.",
  status: 409,
  retryable: false,
  data: {},
};

async function prepare({ clock, deployment, deployer }: Scene): Promise<void> {
  deployment.begin("preflight");
  await clock.advance(120);
  deployment.succeed("preflight");
  deployment.begin("web.prepare");
  await clock.advance(1_500);
  deployer.say({ at: "2026-11-21T10:00:01.620Z", step: "web.prepare", message: "uploading 12 files", deploymentId: deployment.id });
  await clock.advance(1_500);
  deployment.succeed("web.prepare");
  deployment.begin("web.verify");
  await clock.advance(2_000);
}

async function finish({ clock, deployment }: Scene): Promise<void> {
  deployment.succeed("web.verify");
  deployment.begin("web.promote");
  await clock.advance(800);
  deployment.succeed("web.promote");
  deployment.append("deployment.succeeded", { outcome: "promoted" });
  await clock.advance(0);
}

async function takeBack({ clock, deployment }: Scene): Promise<void> {
  const about = { step: "web.verify", direction: "forward", attempt: 1 } as const;
  deployment.append("step.failed", { ...about, error: failure, again: false });
  deployment.append("rollback.started", { cause: "step-failed", step: "web.verify", error: failure });
  deployment.begin("web.prepare", "undo");
  await clock.advance(400);
  deployment.succeed("web.prepare", "undo");
  deployment.append("deployment.rolled-back", { cause: "step-failed", step: "web.verify", error: failure });
  await clock.advance(0);
}

const terminal = { columns: 80, rows: 40 };

test("a person sees what runs, for how long, what it said and what comes next", async () => {
  const scene = await watch({ terminal });
  scene.deployment.begin("preflight");
  await scene.clock.advance(120);
  scene.deployment.succeed("preflight");
  scene.deployment.begin("web.prepare");
  await scene.clock.advance(1_500);
  scene.deployer.say({ step: "web.prepare", message: "uploading 12 files", deploymentId: scene.deployment.id });
  await scene.clock.advance(700);
  const { lines, isCursorHidden } = await screenOf(scene.stdout.text, terminal);
  expect(isCursorHidden).toBe(true);
  expect(lines.join("\n")).toMatchInlineSnapshot(`
    "shop: deploy to production
      release   rel_01k9x2m4v8q6t3w5y7z9a1b2c3 (1a2b3c4 on main)
      commit    Mend the basket
      replaces  rel_01k9x1aaaaaaaaaaaaaaaaaaaa
      steps     4: preflight, provision, verify, promote
      by        ada: mend the basket

    ✔ preflight          ask every provider whether it is ready              120 ms
    ⠸ web.prepare        prepare web (12 files) at vercel         2.2 s of 1 m 00 s
        uploading 12 files
      then web.verify, web.promote
      2.3 s · Ctrl-C takes back what was begun"
  `);
});

test("a person sees how it ended, what serves now and what to try next", async () => {
  const scene = await watch({ terminal });
  await prepare(scene);
  await finish(scene);
  expect(await scene.ended).toBe(0);
  const { lines, isCursorHidden, hasBrokenLines } = await screenOf(scene.stdout.text, terminal);
  expect(isCursorHidden).toBe(false);
  expect(hasBrokenLines).toBe(false);
  expect(lines.join("\n")).toMatchInlineSnapshot(`
    "shop: deploy to production
      release   rel_01k9x2m4v8q6t3w5y7z9a1b2c3 (1a2b3c4 on main)
      commit    Mend the basket
      replaces  rel_01k9x1aaaaaaaaaaaaaaaaaaaa
      steps     4: preflight, provision, verify, promote
      by        ada: mend the basket

    ✔ preflight          ask every provider whether it is ready              120 ms
    ✔ web.prepare        prepare web (12 files) at vercel                     3.0 s
    ✔ web.verify         ask the new web whether it is well                   2.0 s
    ✔ web.promote        make the new web serve                              800 ms

    ✔ production serves rel_01k9x2m4v8q6t3w5y7z9a1b2c3 (5.9 s).
      serves now
        web  rel_served as dpl_2

    next:
      node deploy.ts status production
      node deploy.ts rollback production"
  `);
});

test("a person sees why it was taken back", async () => {
  const scene = await watch({ terminal });
  await prepare(scene);
  scene.deployer.say({ step: "web.verify", level: "warn", message: "http: http_500", deploymentId: scene.deployment.id });
  scene.deployer.say({ step: "web.verify", level: "warn", message: "http: http_500", deploymentId: scene.deployment.id });
  scene.deployer.say({ step: "web.verify", level: "error", message: failure.message, deploymentId: scene.deployment.id });
  await takeBack(scene);
  expect(await scene.ended).toBe(4);
  const { lines } = await screenOf(scene.stdout.text, terminal);
  expect(lines.join("\n")).toMatchInlineSnapshot(`
    "shop: deploy to production
      release   rel_01k9x2m4v8q6t3w5y7z9a1b2c3 (1a2b3c4 on main)
      commit    Mend the basket
      replaces  rel_01k9x1aaaaaaaaaaaaaaaaaaaa
      steps     4: preflight, provision, verify, promote
      by        ada: mend the basket

    ✔ preflight          ask every provider whether it is ready              120 ms
    ✔ web.prepare        prepare web (12 files) at vercel                     3.0 s
      ▲ web.verify: http: http_500
    ✖ web.verify         failed                                               2.0 s
        web did not pass its verification: http_500 (15 samples).
    ▲ taking back what was begun
    ↩ web.prepare        taken back                                          400 ms

    ✖ web.verify failed: everything that was begun has been taken back (5.5 s).
      web did not pass its verification: http_500 (15 samples).
      Look at the logs of the candidate; nothing was moved to it.
      VERIFICATION_FAILED
      serves now
        web  rel_served as dpl_2

    next:
      node deploy.ts logs dep_01k9x2m4v8q6t3w5y7z9a1b2c3
      node deploy.ts status production"
  `);
});

test.for([30, 40, 61, 80, 200])("no line is wider than a terminal of %i columns, whatever it says", async (columns) => {
  const plan = fakePlan({ warnings: [`A warning that goes on ${"and on ".repeat(20)}`, "漢字".repeat(40)] });
  const scene = await watch({ terminal: { columns, rows: 60 }, plan });
  await prepare(scene);
  const said = `${"a-very-long-word-without-any-gap".repeat(6)} 漢字\n\tsecond line \u001B[31mred`;
  scene.deployer.say({ step: "web.verify", level: "warn", message: said, deploymentId: scene.deployment.id });
  await scene.clock.advance(300);
  expect((await screenOf(scene.stdout.text, { columns, rows: 60 })).hasBrokenLines).toBe(false);
  await takeBack(scene);
  await scene.ended;
  const [untilResult = ""] = scene.stdout.text.split("next:");
  const { lines, hasBrokenLines } = await screenOf(untilResult, { columns, rows: 60 });
  if (columns >= 61) expect(hasBrokenLines).toBe(false);
  expect(lines.filter((line) => line.includes("⠋"))).toEqual([]);
});

test("what is drawn anew leaves no trace, also when it is higher than the terminal", async () => {
  const small = { columns: 60, rows: 6 };
  const scene = await watch({ terminal: small });
  await prepare(scene);
  await finish(scene);
  await scene.ended;
  const { lines } = await screenOf(scene.stdout.text, small);
  expect(lines.filter((line) => line.startsWith("✔ preflight"))).toHaveLength(1);
  expect(lines.filter((line) => line.includes("then web"))).toEqual([]);
});

test("colours are for terminals, and can be taken away", async () => {
  const isColored = async (options: RunOptions): Promise<boolean> => {
    const scene = await watch(options);
    await prepare(scene);
    await finish(scene);
    await scene.ended;
    // eslint-disable-next-line no-control-regex -- that is what is looked for
    return /\u001B\[\d+m/.test(scene.stdout.text);
  };
  expect(await isColored({ terminal })).toBe(true);
  expect(await isColored({ terminal, env: { NO_COLOR: "1" } })).toBe(false);
  expect(await isColored({ terminal, env: { NO_COLOR: "" } })).toBe(true);
  expect(await isColored({ terminal, argv: ["deploy", "--no-color"] })).toBe(false);
  expect(await isColored({})).toBe(false);
});

test("a CI system that pretends to be a terminal gets lines, with colours", async () => {
  const scene = await watch({ terminal, env: { CI: "true" } });
  await prepare(scene);
  await takeBack(scene);
  await scene.ended;
  expect(scene.stdout.text).toContain("[00:03.1] web.prepare done");
  expect(scene.stdout.text).not.toContain("\u001B[?25l");
  expect(scene.stdout.text).toContain("\u001B[31m");
});

test("standard error that is no terminal gets no colours", async () => {
  const deployer = createFakeDeployer({ deploy: () => Promise.reject(new Error("no")) });
  const { stderr, ended } = startCommand(deployer, "deploy", { terminal });
  await ended;
  expect(stderr.text).toContain("UNEXPECTED_ERROR");
  expect(stderr.text).not.toContain("\u001B");
});

test("where nothing can be drawn, there is a line per event with the time since the beginning", async () => {
  const scene = await watch();
  await prepare(scene);
  await takeBack(scene);
  expect(await scene.ended).toBe(4);
  expect(scene.stdout.text).not.toContain("\u001B");
  expect(scene.stdout.text).toMatchInlineSnapshot(`
    "[00:00.0] making the plan for production
    [00:00.0] deploy of rel_01k9x2m4v8q6t3w5y7z9a1b2c3 to production recorded
    [00:00.0] driven by ci, process 7
    [00:00.0] preflight: ask every provider whether it is ready
    [00:00.1] preflight done
    [00:00.1] web.prepare: prepare web (12 files) at vercel
    [00:01.6] web.prepare | uploading 12 files
    [00:03.1] web.prepare done
    [00:03.1] web.verify: ask the new web whether it is well
    [00:05.1] web.verify failed: web did not pass its verification: http_500 (15 samples).
    [00:05.1] taking back: web.verify failed: web did not pass its verification: http_500 (15 samples).
    [00:05.1] taking back web.prepare
    [00:05.5] web.prepare taken back
    [00:05.5] taken back: the release before serves

    ✖ web.verify failed: everything that was begun has been taken back (5.5 s).
      web did not pass its verification: http_500 (15 samples).
      Look at the logs of the candidate; nothing was moved to it.
      VERIFICATION_FAILED
      serves now
        web  rel_served as dpl_2
    next:
      node deploy.ts logs dep_01k9x2m4v8q6t3w5y7z9a1b2c3
      node deploy.ts status production
    "
  `);
});

test("what the plan warns of is among the lines", async () => {
  const scene = await watch({ plan: fakePlan({ warnings: ["What serves as api now stays."] }) });
  await prepare(scene);
  await finish(scene);
  await scene.ended;
  expect(scene.stdout.text).toContain("recorded\n[00:00.0] warning: What serves as api now stays.\n");
});

test("a dumb terminal gets lines too", async () => {
  const scene = await watch({ terminal, env: { TERM: "dumb" } });
  await prepare(scene);
  await finish(scene);
  await scene.ended;
  expect(scene.stdout.text).not.toContain("\u001B");
  expect(scene.stdout.text).toContain("[00:03.1] web.prepare done");
});

test("a sign of life every 30 s says what is being waited for", async () => {
  const scene = await watch();
  scene.deployment.begin("web.prepare");
  await scene.clock.advance(29_900);
  expect(scene.stdout.text).not.toContain("still waiting");
  await scene.clock.advance(31_000);
  expect(scene.stdout.text.split("\n").filter((line) => line.includes("still"))).toEqual([
    "[00:30.0] still waiting: web.prepare (30.0 s, at most 30.0 s more)",
    "[01:00.0] still waiting: web.prepare (1 m 00 s)",
  ]);
  scene.deployment.succeed("web.prepare");
  scene.deployment.append("deployment.succeeded", { outcome: "promoted" });
  await scene.clock.advance(0);
  await scene.ended;
  const { text } = scene.stdout;
  await scene.clock.advance(120_000);
  expect(scene.stdout.text).toBe(text);
});

test("a sign of life of what waits for people says how long they have, not how long the step may take", async () => {
  const scene = await watch();
  scene.deployment.begin("web.verify");
  const until = scene.clock.now() + 3_600_000;
  const about = { step: "web.verify", direction: "forward", attempt: 1 } as const;
  scene.deployment.append("step.deferred", { ...about, waitingFor: "approval", reason: "0 of 1 have agreed", until, memo: null });
  await scene.clock.advance(30_000);
  expect(scene.stdout.text).toContain("still waiting: web.verify (30.0 s, at most 59 m 30 s more)");
});

test("a sign of life names all that runs", async () => {
  const scene = await watch();
  scene.deployment.begin("web.prepare");
  scene.deployment.begin("web.verify", "undo");
  await scene.clock.advance(30_000);
  expect(scene.stdout.text).toContain(
    "still waiting: web.prepare (30.0 s, at most 30.0 s more); taking back web.verify (30.0 s, at most 30.0 s more)",
  );
});

test("while the plan is made there is a sign of life too", async () => {
  const clock = createTestClock();
  const deployer = createFakeDeployer({ deploy: () => new Promise(() => undefined) });
  const { stdout } = startCommand(deployer, "deploy", { clock });
  await clock.advance(30_000);
  expect(stdout.text).toBe("[00:00.0] making the plan for production\n[00:30.0] still waiting: making the plan for production (30.0 s)\n");
});

test("no line is one that a CI system would obey", async () => {
  const scene = await watch();
  scene.deployment.begin("web.prepare");
  await scene.clock.advance(0);
  const message = "first\n::set-env name=PATH::evil\n  ::add-mask::x";
  scene.deployer.say({ at: "2026-11-21T10:00:01.000Z", step: "web.prepare", message, deploymentId: scene.deployment.id });
  expect(scene.stdout.text).toContain("[00:01.0] web.prepare | first\n           | : :set-env name=PATH::evil\n");
  scene.deployment.append("deployment.failed", { step: "web.prepare", error: { ...failure, message, hint: message } });
  await scene.clock.advance(0);
  await scene.ended;
  expect(scene.stdout.text.split("\n").filter((line) => line.trimStart().startsWith("::"))).toEqual([]);
});

test("an error of a step is told once, also where the step has logged it before", async () => {
  const scene = await watch();
  await prepare(scene);
  const log = { at: "2026-11-21T10:00:05.000Z", step: "web.verify", level: "error", deploymentId: scene.deployment.id } as const;
  scene.deployer.say({ ...log, message: "something else" });
  scene.deployer.say({ ...log, message: failure.message });
  const about = { step: "web.verify", direction: "forward", attempt: 1 } as const;
  scene.deployment.append("step.failed", { ...about, error: failure, again: true });
  await scene.clock.advance(0);
  const lines = scene.stdout.text.split("\n");
  expect(lines.filter((line) => line.includes("did not pass"))).toHaveLength(1);
  expect(lines.filter((line) => line.includes("error: something else"))).toHaveLength(1);
});
