import { expect, test } from "vitest";
import { createFakeDeployer, type FakeDeployer } from "../../test/cli/fake-deployer.js";
import { createFakeDeployment, type FakeDeployment } from "../../test/cli/fake-deployment.js";
import { deploymentId } from "../../test/cli/fake-plan.js";
import { startCommand, type CommandRun } from "../../test/cli/run-command.js";
import { settle, createTestClock, type TestClock } from "../../test/cli/test-clock.js";
import { coreErrors } from "../errors/core-errors.js";
import { fail } from "../errors/fairlead-error.js";

interface Scene extends CommandRun {
  readonly clock: TestClock;
  readonly deployer: FakeDeployer;
  readonly deployment: FakeDeployment;
}

/** A deployment under way: its web is being prepared. What is asked to stop is recorded as such. */
async function underWay(words = "deploy", options: { readonly joined?: boolean } = {}): Promise<Scene> {
  const clock = createTestClock();
  const deployment = createFakeDeployment(clock, options);
  const deployer = createFakeDeployer({
    deploy: () => Promise.resolve(deployment),
    rollback: () => Promise.resolve(deployment),
    recover: () => Promise.resolve({ deployments: [deployment], refusals: [] }),
    deployment: () => Promise.resolve(deployment),
    abort: ({ actor = { name: "?", via: "code" }, reason = null }) => {
      deployment.append("abort.requested", { actor, reason });
      return Promise.resolve(deployment);
    },
  });
  const run = startCommand(deployer, words, { clock });
  deployment.begin("web.prepare");
  await clock.advance(1_000);
  return { ...run, clock, deployer, deployment };
}

function callsOf({ deployer }: Scene): readonly string[] {
  return deployer.calls.map(([method]) => method);
}

test("the first Ctrl-C asks the deployment to stop, durably, and goes on watching", async () => {
  const scene = await underWay();
  scene.signals.emit("SIGINT");
  await settle();
  expect(scene.deployer.calls).toContainEqual([
    "abort",
    { deploymentId, actor: { name: "ada", via: "cli" }, reason: "interrupted by Ctrl-C" },
  ]);
  expect(scene.stdout.text).toContain("Ctrl-C: the deployment is asked to stop, and what was begun is taken back.");
  expect(scene.stdout.text).toContain("Ctrl-C again leaves it to another process.");
  scene.deployment.append("rollback.started", { cause: "abort", step: null, error: null });
  scene.deployment.append("deployment.rolled-back", { cause: "abort", step: null, error: null });
  expect(await scene.ended).toBe(8);
  expect(scene.stdout.text).toContain("Stopped as asked: everything that was begun has been taken back");
  expect(scene.exits).toEqual([]);
});

test("SIGTERM is answered like Ctrl-C", async () => {
  const scene = await underWay();
  scene.signals.emit("SIGTERM");
  await settle();
  expect(scene.deployer.calls).toContainEqual(["abort", expect.objectContaining({ reason: "interrupted by SIGTERM" })]);
});

test("the second Ctrl-C lets go, and says who finishes it", async () => {
  const scene = await underWay();
  scene.signals.emit("SIGINT");
  await settle();
  scene.signals.emit("SIGINT");
  expect(await scene.ended).toBe(8);
  expect(scene.stdout.text).toContain(`Left as it is. Deployment ${deploymentId} is finished by: node deploy.ts recover production`);
  expect(scene.deployer.calls.at(-1)).toEqual(["close", { within: "0s" }]);
  expect(scene.exits).toEqual([8]);
});

test("what cannot be let go of does not hold whoever leaves", async () => {
  const scene = await underWay();
  const close = scene.deployer.close;
  expect(close).toBeDefined();
  const stuck = { ...scene.deployer, close: () => new Promise<void>(() => undefined) };
  const clock = createTestClock();
  const run = startCommand(stuck, "deploy", { clock });
  await clock.advance(0);
  run.signals.emit("SIGINT");
  run.signals.emit("SIGINT");
  await clock.advance(1_900);
  expect(run.exits).toEqual([]);
  await clock.advance(200);
  expect(run.exits).toEqual([8]);
});

test("Ctrl-C while the plan is made stops the deployment as soon as it is recorded", async () => {
  const clock = createTestClock();
  const deployment = createFakeDeployment(clock);
  const { promise, resolve } = Promise.withResolvers<FakeDeployment>();
  const deployer = createFakeDeployer({ deploy: () => promise, abort: () => Promise.resolve(deployment) });
  const { signals, stdout, ended } = startCommand(deployer, "deploy", { clock });
  await clock.advance(0);
  signals.emit("SIGINT");
  expect(stdout.text).toContain("the deployment is asked to stop, as soon as it is recorded");
  expect(deployer.calls.map(([method]) => method)).toEqual(["deploy"]);
  resolve(deployment);
  await settle();
  expect(deployer.calls.map(([method]) => method)).toEqual(["deploy", "abort"]);
  deployment.append("deployment.cancelled", { reason: null });
  expect(await ended).toBe(8);
});

test("Ctrl-C before anything is recorded ends the command: 8", async () => {
  const clock = createTestClock();
  const deployer = createFakeDeployer({
    deploy: ({ signal }) =>
      new Promise((_, reject) => {
        signal?.addEventListener("abort", () => {
          reject(signal.reason as Error);
        });
      }),
  });
  const { signals, stderr, ended, exits } = startCommand(deployer, "deploy", { clock });
  await clock.advance(0);
  signals.emit("SIGINT");
  expect(await ended).toBe(8);
  expect(stderr.text).toContain("Interrupted by Ctrl-C.");
  expect(stderr.text).toContain("Nothing was recorded, nothing was deployed.");
  expect(exits).toEqual([8]);
});

test("leaving waits until the wish to stop is recorded, but not for ever", async () => {
  const scene = await underWay();
  const asked = Promise.withResolvers<never>();
  const stuck = { ...scene.deployer, abort: () => asked.promise };
  const clock = createTestClock();
  const run = startCommand(stuck, "deploy", { clock });
  await clock.advance(0);
  run.signals.emit("SIGINT");
  run.signals.emit("SIGINT");
  await clock.advance(900);
  expect(run.exits).toEqual([]);
  await clock.advance(200);
  expect(run.exits).toEqual([8]);
});

test("leaving while the plan is made does not claim that nothing was recorded", async () => {
  const clock = createTestClock();
  const { signals, stdout, ended, exits } = startCommand(createFakeDeployer({ deploy: () => new Promise(() => undefined) }), "deploy", {
    clock,
  });
  await clock.advance(0);
  signals.emit("SIGINT");
  signals.emit("SIGINT");
  expect(await ended).toBe(8);
  expect(stdout.text).toContain("Left before it was known whether a deployment was recorded. See: node deploy.ts status production");
  expect(exits).toEqual([8]);
});

test("a deployment that was joined is another's: the first Ctrl-C only stops watching", async () => {
  const scene = await underWay("deploy --key build-7", { joined: true });
  scene.signals.emit("SIGINT");
  expect(await scene.ended).toBe(8);
  expect(callsOf(scene)).not.toContain("abort");
  expect(scene.stdout.text).toContain(`Joined deployment ${deploymentId}`);
  expect(scene.stdout.text).toContain(`No longer watching deployment ${deploymentId}.`);
});

test("what is recovered is driven here: the first Ctrl-C stops it", async () => {
  const scene = await underWay("recover", { joined: true });
  scene.signals.emit("SIGINT");
  await settle();
  expect(callsOf(scene)).toContain("abort");
});

test("what is being taken back already is not asked to stop", async () => {
  const scene = await underWay();
  scene.deployment.append("rollback.started", { cause: "step-failed", step: "web.verify", error: null });
  await settle();
  scene.signals.emit("SIGINT");
  await settle();
  expect(callsOf(scene)).not.toContain("abort");
  expect(scene.stdout.text).toContain("What was begun is being taken back already.");
  scene.signals.emit("SIGINT");
  expect(await scene.ended).toBe(8);
});

test("a wish that comes too late is no error", async () => {
  const clock = createTestClock();
  const deployment = createFakeDeployment(clock);
  const tooLate = fail(coreErrors, "DEPLOYMENT_ENDED", { deploymentId, phase: "succeeded" });
  const deployer = createFakeDeployer({ deploy: () => Promise.resolve(deployment), abort: () => Promise.reject(tooLate) });
  const { signals, stdout, stderr, ended } = startCommand(deployer, "deploy", { clock });
  await clock.advance(0);
  signals.emit("SIGINT");
  deployment.append("deployment.succeeded", { outcome: "promoted" });
  expect(await ended).toBe(0);
  expect(stdout.text + stderr.text).not.toContain("ended already");
});

test("a wish that cannot be recorded is told", async () => {
  const clock = createTestClock();
  const deployment = createFakeDeployment(clock);
  const error = fail(coreErrors, "STORE_UNAVAILABLE", { store: "PostgreSQL", problem: "gone" });
  const deployer = createFakeDeployer({ deploy: () => Promise.resolve(deployment), abort: () => Promise.reject(error) });
  const { signals, stdout } = startCommand(deployer, "deploy", { clock });
  await clock.advance(0);
  signals.emit("SIGINT");
  await settle();
  expect(stdout.text).toContain("It could not be asked to stop: PostgreSQL does not answer: gone");
});

test("a command that reads ends at the first Ctrl-C", async () => {
  const clock = createTestClock();
  const deployer = createFakeDeployer({ doctor: () => new Promise(() => undefined) });
  const { signals, ended, exits } = startCommand(deployer, "doctor", { clock });
  await clock.advance(0);
  signals.emit("SIGINT");
  expect(await ended).toBe(8);
  expect(exits).toEqual([8]);
});

test("a signal while messages are delivered ends the process with what the command came to", async () => {
  const clock = createTestClock();
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const deployer = createFakeDeployer({ deploy: () => Promise.reject(new Error("no")), close: () => promise });
  const { signals, exits, ended } = startCommand(deployer, "deploy", { clock });
  await clock.advance(0);
  signals.emit("SIGINT");
  expect(exits).toEqual([1]);
  resolve(undefined);
  await ended;
});

test("losing sight of a deployment is not its end", async () => {
  const clock = createTestClock();
  const deployment = createFakeDeployment(clock);
  const lost = {
    ...deployment,
    // eslint-disable-next-line require-yield -- it fails before the first event
    async *events() {
      throw fail(coreErrors, "STORE_UNAVAILABLE", { store: "PostgreSQL", problem: "gone" });
    },
  };
  const deployer = createFakeDeployer({ deploy: () => Promise.resolve(lost) });
  const { stderr, ended } = startCommand(deployer, "deploy", { clock });
  expect(await ended).toBe(1);
  expect(stderr.text).toContain(`Deployment ${deploymentId} is recorded; what came of it since is in its journal.`);
  expect(stderr.text).toContain("node deploy.ts recover production");
});

test("targets that do not say what serves do not hold the result", async () => {
  const clock = createTestClock();
  const deployment = createFakeDeployment(clock);
  const deployer = createFakeDeployer({ deploy: () => Promise.resolve(deployment), status: () => new Promise(() => undefined) });
  const { stdout, ended } = startCommand(deployer, "deploy", { clock });
  await clock.advance(0);
  deployment.append("deployment.succeeded", { outcome: "promoted" });
  await clock.advance(5_000);
  expect(await ended).toBe(0);
  expect(stdout.text).not.toContain("serves now");
});

test("Ctrl-C after the end does not wait for them", async () => {
  const clock = createTestClock();
  const deployment = createFakeDeployment(clock);
  const deployer = createFakeDeployer({ deploy: () => Promise.resolve(deployment), status: () => new Promise(() => undefined) });
  const { signals, ended } = startCommand(deployer, "deploy", { clock });
  await clock.advance(0);
  deployment.append("deployment.succeeded", { outcome: "promoted" });
  await clock.advance(100);
  signals.emit("SIGINT");
  expect(await ended).toBe(0);
});

test("each deployment that is recovered can be stopped by itself", async () => {
  const clock = createTestClock();
  const first = createFakeDeployment(clock);
  const second = createFakeDeployment(clock);
  const asked: string[] = [];
  const deployer = createFakeDeployer({
    recover: () => Promise.resolve({ deployments: [first, second], refusals: [] }),
    abort: ({ reason }) => {
      const target = asked.length === 0 ? first : second;
      asked.push(reason ?? "");
      target.append("deployment.cancelled", { reason: null });
      return Promise.resolve(target);
    },
  });
  const { signals, ended, exits } = startCommand(deployer, "recover", { clock });
  await clock.advance(0);
  signals.emit("SIGINT");
  await clock.advance(0);
  signals.emit("SIGINT");
  expect(await ended).toBe(8);
  expect([asked.length, exits]).toEqual([2, []]);
});

test("of what another application kept from beginning nobody says that people did", async () => {
  const late = await underWay();
  late.deployment.append("deployment.expired", { reason: "api serves nothing yet in production" });
  expect(await late.ended).toBe(9);
  expect(late.stdout.text).toContain("Expired: what it requires was not served in time. Nothing was done.");
  const refused = await underWay();
  refused.deployment.append("deployment.rejected", { actor: { name: "the configuration", via: "automatic" }, reason: "api serves rel_1" });
  expect(await refused.ended).toBe(5);
  expect(refused.stdout.text).toContain("Rejected: what it requires is not served. Nothing was done.");
});
