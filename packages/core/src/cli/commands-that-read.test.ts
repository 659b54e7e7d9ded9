import { expect, test } from "vitest";
import { createFakeDeployer, fakeOutlook, fakeStatus } from "../../test/cli/fake-deployer.js";
import { createFakeDeployment, succeededDeployment } from "../../test/cli/fake-deployment.js";
import { deploymentId, fakePlan } from "../../test/cli/fake-plan.js";
import { fakeCheck, fakeSummary } from "../../test/cli/fake-reports.js";
import { runCommand, startCommand } from "../../test/cli/run-command.js";
import { screenOf } from "../../test/cli/terminal.js";
import { createTestClock } from "../../test/cli/test-clock.js";
import { readJsonLines } from "../../test/cli/json-line-schema.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail, serializeError } from "../errors/fairlead-error.js";
import type { CheckReport } from "../deployer/types.js";

test("plan shows every step, what becomes of it on a rollback, and what to do next", async () => {
  const plan = fakePlan({ warnings: ["Nothing serves as web yet."] });
  const { exitCode, stdout } = await runCommand(createFakeDeployer({ plan: () => Promise.resolve(plan) }), "plan");
  expect(exitCode).toBe(0);
  expect(stdout).toMatchInlineSnapshot(`
    "shop: deploy to production
      release   rel_01k9x2m4v8q6t3w5y7z9a1b2c3 (1a2b3c4 on main)
      commit    Mend the basket
      replaces  rel_01k9x1aaaaaaaaaaaaaaaaaaaa
      steps     4: preflight, provision, verify, promote
    ▲ Nothing serves as web yet.

      preflight  · preflight    ask every provider whether it is ready
      provision  ↩ web.prepare  prepare web (12 files) at vercel (taken back, what was prepared is removed)
      verify     · web.verify   ask the new web whether it is well
      promote    ↩ web.promote  make the new web serve (taken back, what served before serves again)

      · asks, changes nothing
      ↩ is taken back on a rollback
      sha256:5482b907567f7e5bdd6aeb9ec3f99f75222fb871d3abfdc5007414cb6fd091eb

      way back  it can be taken back by itself at every step
    next:
      node deploy.ts deploy production
    "
  `);
});

test("plan says how many commits it brings, and how many it leaves out", async () => {
  const list = (length: number, more: number) => ({
    listed: Array.from({ length }, () => ({ commit: "c".repeat(40), author: "Ada", subject: "Sell tea" })),
    more,
  });
  const commits = { since: "abcdef1234567890abcdef1234567890abcdef12", added: list(30, 12), dropped: list(0, 0) };
  const brings = async (given: typeof commits) => {
    const deployer = createFakeDeployer({ plan: () => Promise.resolve(fakePlan({ commits: given })) });
    return /brings +(.*)/.exec((await runCommand(deployer, "plan")).stdout)?.[1];
  };
  expect(await brings(commits)).toBe("42 commits since abcdef1");
  expect(await brings({ ...commits, added: list(1, 0), dropped: list(2, 0) })).toBe("1 commit since abcdef1, and leaves out 2 that it had");
});

test("plan says how long it takes, who has to agree, what is frozen, and until where it can be taken back", async () => {
  const plan = fakePlan();
  const outlook = fakeOutlook(plan, {
    steps: fakeOutlook(plan).steps.map((step) => ({ ...step, took: { count: 5, median: 12_000, p90: 20_000 } })),
    duration: { count: 5, median: 65_000, p90: 90_000 },
    wayBack: { open: true, closes: { step: "web.promote", position: 4 }, asks: [], steps: 4 },
    approvals: [{ required: 2, before: "start", expiresAfter: 86_400_000 }],
    freezes: [
      { reason: "lea stopped it: stock-taking", now: true, from: null, until: null },
      { reason: "the fair", now: false, from: "2026-11-24T10:00:00.000Z", until: "2026-11-25T10:00:00.000Z" },
    ],
    running: deploymentId,
    queued: 1,
  });
  const deployer = createFakeDeployer({ plan: () => Promise.resolve(plan), outlook: () => Promise.resolve(outlook) });
  const { stdout } = await runCommand(deployer, "plan");
  expect(stdout.slice(stdout.indexOf("  preflight"))).toMatchInlineSnapshot(`
    "  preflight  · preflight    ask every provider whether it is ready (took 12.0 s before)
      provision  ↩ web.prepare  prepare web (12 files) at vercel (taken back, what was prepared is removed; took 12.0 s before)
      verify     · web.verify   ask the new web whether it is well (took 12.0 s before)
      promote    ↩ web.promote  make the new web serve (taken back, what served before serves again; took 12.0 s before)

      · asks, changes nothing
      ↩ is taken back on a rollback
      sha256:5482b907567f7e5bdd6aeb9ec3f99f75222fb871d3abfdc5007414cb6fd091eb

      way back  it can be taken back by itself until web.promote (step 4 of 4); a failure from there on stops and asks a person
      takes     median of the last 5: 1 m 05 s without waiting
      approval  2 people have to agree before it begins, within 24 h 00 m
      frozen    now, until somebody ends it: lea stopped it: stock-taking. It would be held.
      frozen    from 2026-11-24T10:00:00.000Z (in 3.0 days) until 2026-11-25T10:00:00.000Z: the fair
      under way dep_01k9x2m4v8q6t3w5y7z9a1b2c3 has the environment now
      waiting   1 deployment before this one
    next:
      node deploy.ts deploy production
    "
  `);
});

test("plan of what serves already has nothing to do, and says so with 7 where asked", async () => {
  const deployer = createFakeDeployer({ plan: () => Promise.resolve(fakePlan({ groups: [] })) });
  const plain = await runCommand(deployer, "plan");
  expect(plain).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("Nothing to do: production serves this already.") });
  expect((await runCommand(deployer, "plan --detailed-exit-code")).exitCode).toBe(7);
  const changed = createFakeDeployer({ plan: () => Promise.resolve(fakePlan()) });
  expect((await runCommand(changed, "plan --detailed-exit-code")).exitCode).toBe(0);
});

test("plan says what has to be accepted", async () => {
  const deployer = createFakeDeployer({ plan: () => Promise.resolve(fakePlan({ compatibility: "needs-down" })) });
  expect((await runCommand(deployer, "plan")).stdout).toContain("node deploy.ts deploy production --accept needs-down");
});

test("status shows what serves, what has drifted, what is under way and what was not delivered", async () => {
  const release = {
    release: fakePlan().release,
    candidates: { web: { id: "dpl_2" } },
    deploymentId,
    at: "2026-11-21T08:00:00.000Z",
  };
  const drifted = {
    component: "worker",
    target: "docker",
    serving: { component: "worker", known: true, candidate: "c9", release: null, note: null },
    expected: "c8",
    drifted: true,
  };
  const deadLetters = [{ channel: "slack" }, { channel: "slack" }] as never;
  const { components } = fakeStatus();
  const status = fakeStatus({
    release,
    components: [...components, drifted],
    last: fakeSummary({ phase: "rolled_back", outcome: null }),
    deadLetters,
  });
  const { exitCode, stdout } = await runCommand(createFakeDeployer({ status: () => Promise.resolve(status) }), "status");
  expect(exitCode).toBe(0);
  expect(stdout).toMatchInlineSnapshot(`
    "shop: production
      release   rel_01k9x2m4v8q6t3w5y7z9a1b2c3 (1a2b3c4 on main), since 2026-11-21 08:00:00Z, 2 h 00 m ago
      ✔ web     serves dpl_2 at vercel
      ▲ worker  serves c9 at docker, but the journal says c8
      last      dep_01k9x2m4v8q6t3w5y7z9a1b2c3, deploy rolled back, 2026-11-21 09:50:00Z, 10 m 00 s ago, by ada: mend the basket
    ▲ 2 messages could not be delivered: slack
    next:
      node deploy.ts redeliver production
      node deploy.ts history production
    "
  `);
});

test.for([
  [{ known: false, candidate: null, note: "no network" }, null, "▲ web  what serves at vercel is not known (no network)"],
  [
    { known: false, candidate: null, note: "no network" },
    "dpl_1",
    "▲ web  what serves at vercel is not known; the journal says dpl_1 (no network)",
  ],
  [{ known: true, candidate: null, note: null }, "dpl_1", "▲ web  serves nothing at vercel, but the journal says dpl_1"],
  [{ known: true, candidate: null, note: null }, null, "web  serves nothing at vercel"],
] as const)("status tells what is not known from what is not there: %j, expected %s", async ([fact, expected, line]) => {
  const web = { component: "web", target: "vercel", serving: { component: "web", release: null, ...fact }, expected, drifted: false };
  const status = fakeStatus({ components: [web] });
  const { stdout } = await runCommand(createFakeDeployer({ status: () => Promise.resolve(status) }), "status");
  expect(stdout).toContain(`${line}\n`);
  expect(stdout).not.toContain("something else");
});

test("status says which messages wait, why, and which command delivers them", async () => {
  const waiting = [
    { channel: "slack", error: { message: "slack cannot be reached (ECONNREFUSED)." } },
    { channel: "slack" },
    { channel: "email", error: { message: "email cannot be reached (ETIMEDOUT)." } },
  ] as never;
  const { stdout } = await runCommand(createFakeDeployer({ status: () => Promise.resolve(fakeStatus({ waiting })) }), "status");
  expect(stdout.replaceAll(/\s+/g, " ")).toContain(
    "▲ 3 messages still to be delivered: slack, email (slack cannot be reached (ECONNREFUSED). email cannot be reached (ETIMEDOUT).)",
  );
  expect(stdout).toContain("next:\n  node deploy.ts recover production\n");
});

test("status of a deployment that needs attention says who did what, and what can be done", async () => {
  const error = serializeError(fail(coreErrors, "STEP_INDETERMINATE", { step: "web.promote", reason: "Vercel does not answer" }));
  const attention = {
    reason: "Taking back web.promote did not work.",
    errors: [{ step: "web.promote", provider: "vercel", error }],
    serving: [{ component: "web", known: true, candidate: "dpl_3", release: null, note: null }],
    options: ["retry", "abandon"],
  };
  const running = {
    deploymentId,
    phase: "needs_attention",
    holder: "ci",
    since: "2026-11-21T09:00:00.000Z",
    attention,
    paused: null,
    stopping: null,
    steps: [],
    wayBack: null,
    waiting: [],
  } as const;
  const deployer = createFakeDeployer({ status: () => Promise.resolve(fakeStatus({ running })) });
  const { stdout } = await runCommand(deployer, "status");
  expect(stdout).toContain(`under way ${deploymentId}, needs attention, since`);
  expect(stdout).toContain("Taking back web.promote did not work.");
  expect(stdout).toContain("web.promote (vercel): Whether step web.promote took effect cannot be found out: Vercel does not answer");
  const [, told] = readJsonLines((await runCommand(deployer, "status --json")).stdout);
  expect(told).toMatchObject({ status: { running: { attention } } });
  expect(stdout).toContain(`node deploy.ts abandon ${deploymentId} --reason "…"`);
});

test("status says what runs, who has paused it and who wants it to stop", async () => {
  const about = {
    deploymentId,
    phase: "running",
    holder: "ci",
    since: "2026-11-21T09:00:00.000Z",
    attention: null,
    wayBack: null,
  } as const;
  const steps = [{ step: "web.shift.50.watch", description: "watch the new web at 50 % until somebody advances" }];
  const paused = { actor: "ada", reason: "lunch" };
  const running = { ...about, waiting: [], steps, paused, stopping: { actor: "bea", reason: null } };
  const deployer = createFakeDeployer({ status: () => Promise.resolve(fakeStatus({ running })) });
  const { stdout } = await runCommand(deployer, "status");
  expect(stdout).toContain("stopping  bea asked it to stop\n");
  expect(stdout).toContain("paused    ada paused it: lunch\n");
  expect(stdout.replaceAll(/\s+/g, " ")).toContain("runs web.shift.50.watch: watch the new web at 50 % until somebody advances");
  expect(stdout).toContain("next:\n  node deploy.ts resume");
  const [, told] = readJsonLines((await runCommand(deployer, "status --json")).stdout);
  expect(told).toMatchObject({ status: { running: { steps, paused } } });
});

test("status of a deployment that needs attention names every choice", async () => {
  const attention = { reason: "web.promote failed", errors: [], serving: [], options: ["retry", "take-back", "abandon"] } as const;
  const about = { deploymentId, phase: "needs_attention", holder: null, since: "2026-11-21T09:00:00.000Z", attention } as const;
  const running = { ...about, paused: null, stopping: null, steps: [], wayBack: null, waiting: [] };
  const { stdout } = await runCommand(createFakeDeployer({ status: () => Promise.resolve(fakeStatus({ running })) }), "status");
  expect(stdout).toContain(`node deploy.ts take-back ${deploymentId} --reason "…"`);
});

test("status of a deployment that waits for people says what they are asked, and how to answer", async () => {
  const asked = {
    step: "infra.apply.approval",
    waitingFor: "approval",
    reason: "0 of 1 have agreed to: 1 to add, 0 to change, 0 to destroy",
    until: "2026-11-22T09:00:00.000Z",
    summary: ["1 to add, 0 to change, 0 to destroy", "+ terraform_data.queue"],
    digest: `sha256:${"5482b907567f".repeat(5)}abcd`,
  } as const;
  const about = { deploymentId, phase: "running", holder: null, since: "2026-11-21T09:00:00.000Z", attention: null } as const;
  const wayBack = { open: true, closes: { step: "web.promote", position: 4 }, asks: [], steps: 5 };
  const running = { ...about, paused: null, stopping: null, steps: [], wayBack, waiting: [asked] };
  const deployer = createFakeDeployer({ status: () => Promise.resolve(fakeStatus({ running })) });
  const { stdout } = await runCommand(deployer, "status");
  expect(stdout).not.toContain("nobody drives");
  expect(stdout).toContain("way back  it can be taken back by itself until web.promote (step 4 of 5)");
  expect(stdout.replaceAll(/\s+/g, " ")).toContain(
    `waits infra.apply.approval: ${asked.reason}, until ${asked.until} + terraform_data.queue`,
  );
  const digest = "5482b907567f";
  expect(stdout).toContain(
    `next:\n  node deploy.ts approve ${deploymentId} --digest ${digest}\n  node deploy.ts reject ${deploymentId} --digest ${digest}\n`,
  );
  const [, told] = readJsonLines((await runCommand(deployer, "status --json")).stdout);
  expect(told).toMatchObject({ status: { running: { waiting: [asked] } } });
});

test("history shows the newest first, of one environment or of all", async () => {
  const items = [
    fakeSummary({ phase: "rolled_back", outcome: null, error: "web did not pass\nits verification", reason: null, commit: null }),
    fakeSummary(),
    fakeSummary({ phase: "running", outcome: null, endedAt: null }),
  ];
  const deployer = createFakeDeployer({ history: () => Promise.resolve({ items, next: "x" }) }, ["staging", "production"]);
  const { exitCode, stdout } = await runCommand(deployer, "history --limit 3");
  expect(exitCode).toBe(0);
  expect(deployer.calls[0]).toEqual(["history", { limit: 3 }]);
  expect(stdout).toMatchInlineSnapshot(`
    "✖ dep_01k9x2m4v8q6t3w5y7z9a1b2c3  deploy production, rolled back
        rel_01k9x2m4v8q6t3w5y7z9a1b2c3 by ada
        2026-11-21 09:50:00Z, 10 m 00 s ago, took 1 m 12 s
        web did not pass its verification
    ✔ dep_01k9x2m4v8q6t3w5y7z9a1b2c3  deploy production, succeeded (promoted)
        rel_01k9x2m4v8q6t3w5y7z9a1b2c3 (1a2b3c4) by ada: mend the basket
        2026-11-21 09:50:00Z, 10 m 00 s ago, took 1 m 12 s
    ▲ dep_01k9x2m4v8q6t3w5y7z9a1b2c3  deploy production, running
        rel_01k9x2m4v8q6t3w5y7z9a1b2c3 (1a2b3c4) by ada: mend the basket
        2026-11-21 09:50:00Z, 10 m 00 s ago
    … and earlier ones: raise --limit
    next:
      node deploy.ts explain dep_01k9x2m4v8q6t3w5y7z9a1b2c3
    "
  `);
  await runCommand(deployer, "history staging");
  expect(deployer.calls.find(([, input]) => (input as { environment?: string }).environment === "staging")).toEqual([
    "history",
    { limit: 20, environment: "staging" },
  ]);
});

test("history says below the deployments what they come to", async () => {
  const spread = (median: number | null, p90 = median) => ({ count: median === null ? 0 : 9, median, p90 });
  const production = {
    environment: "production",
    deployments: 21,
    succeeded: 9,
    failed: 3,
    stopped: 1,
    rollbacks: 2,
    neverBegan: 5,
    open: 1,
    successRate: 0.75,
    duration: spread(65_000, 252_000),
    waiting: spread(0, 7_200_000),
    timeToRollback: spread(3_100, 8_000),
    changeFailureRate: 1 / 3,
    perWeek: 2.1,
  };
  const nothing = { ...production, environment: "staging", succeeded: 0, failed: 0, successRate: null, changeFailureRate: null };
  const empty = {
    ...nothing,
    duration: spread(null),
    waiting: spread(null),
    timeToRollback: spread(null),
    stopped: 0,
    rollbacks: 0,
    open: 0,
  };
  const deployer = createFakeDeployer({
    history: () => Promise.resolve({ items: [fakeSummary()] }),
    statistics: () =>
      Promise.resolve({
        since: "2026-10-22T10:00:00.000Z",
        until: "2026-11-21T10:00:00.000Z",
        environments: [production, empty],
        pruned: [],
      }),
  });
  const { stdout } = await runCommand(deployer, "history --since 12h");
  expect(deployer.calls).toContainEqual(["statistics", { since: "12h" }]);
  expect(stdout.slice(stdout.indexOf("production since"))).toMatchInlineSnapshot(`
    "production since 2026-10-22: 21 deployments
      success          75.0 % (9 of 12)
      duration         median 1 m 05 s, nine of ten at most 4 m 12 s, without waiting; waiting: median 0 ms, nine of ten at most 2 h 00 m
      rollback         what served before served again: median 3.1 s, nine of ten at most 8.0 s, of 9
      change failures  33.3 %
      frequency        2.1 a week
      others           1 stopped by a person, 2 rollbacks to an earlier release, 5 that never began or had nothing to do, 1 not ended yet

    staging since 2026-10-22: 21 deployments
      success          nothing to tell from
      duration         nothing to tell from
      rollback         none
      change failures  nothing to tell from
      frequency        2.1 a week
      others           5 that never began or had nothing to do
    next:
      node deploy.ts explain dep_01k9x2m4v8q6t3w5y7z9a1b2c3
    "
  `);
  expect(await runCommand(deployer, "history --since soon")).toMatchObject({ exitCode: 64 });
});

test("logs of an environment are those of its newest deployment", async () => {
  const clock = createTestClock();
  const entries = [
    { at: "2026-11-21T10:00:00.000Z", level: "info", step: "web.prepare", message: "uploading", fields: { files: 12 } },
    { at: "2026-11-21T10:00:01.000Z", level: "warn", step: null, message: "slow\nvery slow", fields: {} },
  ] as const;
  const deployer = createFakeDeployer({
    history: () => Promise.resolve({ items: [fakeSummary()] }),
    deployment: () => Promise.resolve(succeededDeployment(clock)),
    logs: () => Promise.resolve(entries),
  });
  const { exitCode, stdout } = await runCommand(deployer, "logs production", { clock });
  expect(exitCode).toBe(0);
  expect(stdout).toMatchInlineSnapshot(`
    "2026-11-21 10:00:00.000Z web.prepare | uploading files=12
    2026-11-21 10:00:01.000Z warn: slow
      | very slow
    "
  `);
  const never = createFakeDeployer({ history: () => Promise.resolve({ items: [] }) });
  expect((await runCommand(never, "logs")).exitCode).toBe(6);
});

test("logs --follow shows each line once until the deployment has ended", async () => {
  const clock = createTestClock();
  const deployment = createFakeDeployment(clock);
  const entries = ["one"];
  const logs = () =>
    Promise.resolve(
      entries.map((message) => ({ at: "2026-11-21T10:00:00.000Z", level: "info" as const, step: null, message, fields: {} })),
    );
  const deployer = createFakeDeployer({ deployment: () => Promise.resolve(deployment), logs });
  const { stdout, ended } = startCommand(deployer, `logs ${deploymentId} --follow`, { clock });
  await clock.advance(0);
  entries.push("two");
  await clock.advance(1_000);
  entries.push("three");
  deployment.append("deployment.succeeded", { outcome: "promoted" });
  await clock.advance(1_000);
  expect(await ended).toBe(0);
  expect(stdout.text.match(/one|two|three/g)).toEqual(["one", "two", "three"]);
});

test("logs --follow ends quietly at Ctrl-C", async () => {
  const clock = createTestClock();
  const deployer = createFakeDeployer({ deployment: () => Promise.resolve(createFakeDeployment(clock)), logs: () => Promise.resolve([]) });
  const { signals, stderr, ended } = startCommand(deployer, `logs ${deploymentId} --follow`, { clock });
  await clock.advance(0);
  signals.emit("SIGINT");
  expect(await ended).toBe(0);
  expect(stderr.text).toBe("");
});

test("health ends with 1 where a critical check is down", async () => {
  const of = async (...checks: readonly CheckReport[]) =>
    runCommand(createFakeDeployer({ health: () => Promise.resolve(checks) }), "health");
  expect((await of(fakeCheck(), fakeCheck({ status: "down", critical: false }))).exitCode).toBe(0);
  const bad = await of(fakeCheck({ name: "database", status: "down", reason: "refused", message: "no answer", hint: "Start it." }));
  expect(bad.exitCode).toBe(1);
  expect(bad.stdout).toMatchInlineSnapshot(`
    "shop: health of production
      ✖ vercel: database  down, refused: no answer (31 ms)
        → Start it.
    "
  `);
});

test("doctor reports configuration, store and providers", async () => {
  const report = {
    environment: "production",
    healthy: false,
    store: { description: "PostgreSQL at db.internal", reachable: true, message: null },
    problems: [],
    checks: [fakeCheck(), fakeCheck({ status: "down", reason: "http_401", message: "the token was rejected", hint: "Make a new one." })],
  };
  const unreachable = await runCommand(createFakeDeployer({ doctor: () => Promise.resolve(report) }), "doctor");
  expect(unreachable.exitCode).toBe(1);
  expect(unreachable.stdout).toMatchInlineSnapshot(`
    "shop: doctor of production
      ✔ configuration and secrets: no problem
      ✔ store: PostgreSQL at db.internal
      ✔ vercel: token  up (31 ms)
      ✖ vercel: token  down, http_401: the token was rejected (31 ms)
        → Make a new one.
    "
  `);
  const problems = [{ place: "secret VERCEL_TOKEN", problem: "has no value in production.", remedy: "Set it." }];
  const misconfigured = await runCommand(
    createFakeDeployer({ doctor: () => Promise.resolve({ ...report, problems, checks: [] }) }),
    "doctor",
  );
  expect(misconfigured.exitCode).toBe(2);
  expect(misconfigured.stdout).toContain("  1. secret VERCEL_TOKEN has no value in production.\n     → Set it.");
  const well = await runCommand(
    createFakeDeployer({ doctor: () => Promise.resolve({ ...report, healthy: true, checks: [fakeCheck()] }) }),
    "doctor",
  );
  expect(well.exitCode).toBe(0);
});

test.for(["plan", "status", "history", "doctor"])("%s fits a terminal of 80 columns", async (words) => {
  const terminal = { columns: 80, rows: 60 };
  const long = "a reason that goes on and on ".repeat(6);
  const deployer = createFakeDeployer({
    plan: () => Promise.resolve(fakePlan({ warnings: [long] })),
    status: () => Promise.resolve(fakeStatus({ last: fakeSummary({ reason: long }) })),
    history: () => Promise.resolve({ items: [fakeSummary({ reason: long, error: long })] }),
    doctor: () =>
      Promise.resolve({
        environment: "production",
        healthy: false,
        store: { description: long, reachable: false, message: long },
        problems: [{ place: "environments.production.components.web.target", problem: long, remedy: long }],
        checks: [],
      }),
  });
  const { stdout } = await runCommand(deployer, words, { terminal });
  const { hasBrokenLines } = await screenOf(stdout, terminal);
  expect(hasBrokenLines).toBe(false);
});
