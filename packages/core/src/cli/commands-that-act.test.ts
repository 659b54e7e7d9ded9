import { expect, test } from "vitest";
import { createFakeDeployer } from "../../test/cli/fake-deployer.js";
import { createFakeDeployment, succeededDeployment, type FakeDeployment } from "../../test/cli/fake-deployment.js";
import { deploymentId, fakePlan, releaseId } from "../../test/cli/fake-plan.js";
import { fakeSummary } from "../../test/cli/fake-reports.js";
import { runCommand, startCommand } from "../../test/cli/run-command.js";
import { createTestClock, type TestClock } from "../../test/cli/test-clock.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail, serializeError } from "../errors/fairlead-error.js";

const actor = { name: "ada", via: "cli" } as const;

function stuck(clock: TestClock): FakeDeployment {
  const deployment = createFakeDeployment(clock);
  const error = serializeError(fail(coreErrors, "STEP_INDETERMINATE", { step: "web.promote", reason: "Vercel does not answer" }));
  deployment.append("attention.requested", {
    reason: "Taking back web.promote did not work.",
    errors: [{ step: "web.promote", provider: "vercel", error }],
    serving: [{ component: "web", known: true, candidate: "dpl_3", release: null, note: null }],
    options: ["retry", "abandon"],
  });
  return deployment;
}

test("deploy hands over all that was said", async () => {
  const clock = createTestClock();
  const deployer = createFakeDeployer({ deploy: () => Promise.resolve(succeededDeployment(clock)) });
  const argv = ["deploy", "production", "--reason", "mend the basket", "--key=build-7", "--accept", "irreversible", "--actor", "grace"];
  expect((await runCommand(deployer, "", { argv, clock })).exitCode).toBe(0);
  expect(deployer.calls[0]).toEqual([
    "deploy",
    {
      environment: "production",
      reason: "mend the basket",
      key: "build-7",
      accept: "irreversible",
      actor: { name: "grace", via: "cli" },
      signal: expect.any(AbortSignal) as AbortSignal,
    },
  ]);
});

test("after a first release there is nothing to go back to, and it is not offered", async () => {
  const clock = createTestClock();
  const { previousRelease: _, ...plan } = fakePlan();
  const first = createFakeDeployment(clock, { plan });
  first.append("deployment.succeeded", { outcome: "promoted" });
  const next = async (deployment: FakeDeployment): Promise<string> =>
    (await runCommand(createFakeDeployer({ deploy: () => Promise.resolve(deployment) }), "deploy", { clock })).stdout;
  expect(await next(first)).not.toContain("deploy.ts rollback");
  expect(await next(succeededDeployment(clock))).toContain("deploy.ts rollback production");
});

test("deploy of what serves already ends with 0, and with 7 where asked", async () => {
  const clock = createTestClock();
  const deployer = createFakeDeployer({ deploy: () => Promise.resolve(succeededDeployment(clock, "unchanged")) });
  expect((await runCommand(deployer, "deploy", { clock })).exitCode).toBe(0);
  expect((await runCommand(deployer, "deploy --detailed-exit-code", { clock })).exitCode).toBe(7);
});

test("a deployment that needs attention ends with 10, names what is known and what can be chosen", async () => {
  const clock = createTestClock();
  const { exitCode, stdout } = await runCommand(createFakeDeployer({ deploy: () => Promise.resolve(stuck(clock)) }), "deploy", { clock });
  expect(exitCode).toBe(10);
  expect(stdout.slice(stdout.indexOf("▲"))).toMatchInlineSnapshot(`
    "▲ production needs attention: Taking back web.promote did not work.
      web.promote (vercel): Whether step web.promote took effect cannot be found out: Vercel does not answer
        Look at the provider yourself, then \`retry\` or \`abandon\`.
      serves now
        web  dpl_3, of a release that is not known
    next:
      node deploy.ts logs dep_01k9x2m4v8q6t3w5y7z9a1b2c3
      node deploy.ts retry dep_01k9x2m4v8q6t3w5y7z9a1b2c3
      node deploy.ts abandon dep_01k9x2m4v8q6t3w5y7z9a1b2c3 --reason "…"
    "
  `);
});

test("rollback goes to the release that is named", async () => {
  const clock = createTestClock();
  const deployer = createFakeDeployer({ rollback: () => Promise.resolve(succeededDeployment(clock, "rolled-back")) });
  expect((await runCommand(deployer, `rollback --to ${releaseId}`, { clock })).exitCode).toBe(0);
  expect(deployer.calls[0]).toEqual([
    "rollback",
    { environment: "production", to: releaseId, actor, signal: expect.any(AbortSignal) as AbortSignal },
  ]);
});

test("adopt records what serves", async () => {
  const clock = createTestClock();
  const deployer = createFakeDeployer({ adopt: () => Promise.resolve(succeededDeployment(clock, "adopted")) });
  const { exitCode, stdout } = await runCommand(deployer, "adopt", { clock });
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`What serves production is release ${releaseId} from now on.`)]);
});

test.for([
  ["abort production", "abort", {}],
  [`abort ${deploymentId}`, "abort", {}],
  ["retry", "retry", {}],
  ["abandon --reason broken", "abandon", { reason: "broken" }],
] as const)("%s finds the deployment it is about", async ([words, method, more]) => {
  const clock = createTestClock();
  const deployment = createFakeDeployment(clock);
  const act = () => {
    deployment.append("deployment.cancelled", { reason: null });
    return Promise.resolve(deployment);
  };
  const items = [fakeSummary(), fakeSummary({ id: deploymentId, phase: "running", outcome: null, endedAt: null })];
  const deployer = createFakeDeployer({
    history: () => Promise.resolve({ items }),
    deployment: () => Promise.resolve(deployment),
    abort: act,
    retry: act,
    abandon: act,
  });
  const { stdout } = await runCommand(deployer, words, { clock });
  expect(deployer.calls).toContainEqual([method, { deploymentId, actor, ...more }]);
  // What came before the command is not told again.
  expect(stdout).not.toContain("driven by");
});

test("abort ends with 0 when the deployment has stopped, and with its own code otherwise", async () => {
  const aborted = async (end: (deployment: FakeDeployment) => void): Promise<number> => {
    const clock = createTestClock();
    const deployment = createFakeDeployment(clock);
    const deployer = createFakeDeployer({ deployment: () => Promise.resolve(deployment), abort: () => Promise.resolve(deployment) });
    const { ended } = startCommand(deployer, `abort ${deploymentId}`, { clock });
    await clock.advance(0);
    end(deployment);
    return ended;
  };
  const rolledBack = { cause: "abort", step: null, error: null } as const;
  expect(await aborted((deployment) => deployment.append("deployment.cancelled", { reason: null }))).toBe(0);
  expect(await aborted((deployment) => deployment.append("deployment.rolled-back", rolledBack))).toBe(0);
  const attention = { reason: "stuck", errors: [], serving: [], options: [] };
  expect(await aborted((deployment) => deployment.append("attention.requested", attention))).toBe(10);
});

test("where nothing is under way, nothing can be aborted", async () => {
  const deployer = createFakeDeployer({ history: () => Promise.resolve({ items: [fakeSummary()] }) });
  const { exitCode, stderr } = await runCommand(deployer, "abort production");
  expect([exitCode, stderr]).toEqual([6, expect.stringContaining("No deployment is under way in production.")]);
});

test("abandon ends with 0", async () => {
  const clock = createTestClock();
  const deployment = stuck(clock);
  const deployer = createFakeDeployer({
    deployment: () => Promise.resolve(deployment),
    abandon: ({ reason }) => {
      deployment.append("deployment.abandoned", { actor, reason });
      return Promise.resolve(deployment);
    },
  });
  const { exitCode, stdout } = await runCommand(deployer, `abandon ${deploymentId} --reason broken`, { clock });
  expect(exitCode).toBe(0);
  expect(stdout).toContain("Given up; production is free again. What serves was left as it is.");
});

test("recover follows all that was left behind and ends with the worst", async () => {
  const clock = createTestClock();
  const deployer = createFakeDeployer({
    recover: () => Promise.resolve({ deployments: [succeededDeployment(clock), stuck(clock)], refusals: [] }),
  });
  expect((await runCommand(deployer, "recover", { clock })).exitCode).toBe(10);
});

test("recover names what it left as it is, and does not end with 0", async () => {
  const clock = createTestClock();
  const error = serializeError(fail(coreErrors, "ENVIRONMENT_UNKNOWN", { environment: "alpha", known: ["beta"] }));
  const refusals = [{ deploymentId: "dep_of_alpha", environment: "alpha", error }];
  const deployer = createFakeDeployer({ recover: () => Promise.resolve({ deployments: [succeededDeployment(clock)], refusals }) });
  const { exitCode, stderr } = await runCommand(deployer, "recover", { clock });
  expect(exitCode).toBe(6);
  expect(stderr).toContain('There is no environment "alpha".');
  expect(stderr).toContain("Deployment dep_of_alpha in alpha was left as it is.");
  const json = await runCommand(deployer, "recover --json", { clock });
  expect(json.stdout).toContain('"world":"Deployment dep_of_alpha in alpha was left as it is."');
});

test("recover with nothing to do ends with 0", async () => {
  const deployer = createFakeDeployer({ recover: () => Promise.resolve({ deployments: [], refusals: [] }) });
  const { exitCode, stdout } = await runCommand(deployer, "recover production");
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining("No deployment was left behind.")]);
  expect(deployer.calls[0]?.[1]).toMatchObject({ environment: "production" });
});

test("recover can be left while it waits for a lease", async () => {
  let given: AbortSignal | undefined;
  const deployer = createFakeDeployer({
    recover: ({ signal } = {}) => {
      given = signal;
      return new Promise(() => undefined);
    },
  });
  const clock = createTestClock();
  const { signals, ended } = startCommand(deployer, "recover", { clock });
  await clock.advance(0);
  signals.emit("SIGINT");
  expect(await ended).toBe(8);
  expect(given?.aborted).toBe(true);
});

test("the word to what was shown is handed over with its digest, and a stale one ends with 5", async () => {
  const error = fail(coreErrors, "APPROVAL_STALE", { deploymentId, environment: "production", shown: "5482b907", asked: "sha256:1" });
  for (const command of ["approve", "reject"] as const) {
    const deployer = createFakeDeployer({ [command]: () => Promise.reject(error) });
    const { exitCode, stderr } = await runCommand(deployer, `${command} ${deploymentId} --digest 5482b907`);
    expect(deployer.calls[0]).toMatchObject([command, { deploymentId, digest: "5482b907" }]);
    expect([exitCode, stderr]).toEqual([5, expect.stringContaining("the word is void")]);
  }
});

test("nobody passes what holds a deployment without saying why", async () => {
  const deployer = createFakeDeployer();
  expect((await runCommand(deployer, `release ${deploymentId}`)).exitCode).toBe(64);
  expect(deployer.calls.map(([method]) => method)).not.toContain("release");
});
