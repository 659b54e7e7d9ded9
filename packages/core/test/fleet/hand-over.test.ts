import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { buildHost, createHosts, type Hosts } from "./support/hosts.js";

let script: string;
let hosts: Hosts;

beforeAll(async () => {
  script = await buildHost();
});
beforeEach(() => {
  hosts = createHosts(script);
});
afterEach(() => hosts.stop());

/** Nobody waits for the end of a lease that lasts longer than the test. */
const patient = { HOST_LEASE: "10m" };

const holdersOf = async (id: string): Promise<readonly { readonly pid: number; readonly predecessorDead: boolean }[]> =>
  (await hosts.eventsOf(id))
    .filter(({ type }) => type === "deployment.started")
    .map(({ data }) => ({ pid: (data["holder"] as { readonly pid: number }).pid, predecessorDead: data["predecessorDead"] === true }));

test("a process that deploys its own replacement hands over at the promote, and the new release finishes the deployment", async () => {
  const old = await hosts.start({ env: patient });
  old.order({ type: "deploy", release: "1" });
  const { id } = await old.said("deploying");

  const { candidate } = await old.said("replace");
  const next = await hosts.start({ candidate, env: patient });
  old.kill("SIGTERM");
  await old.said("left");

  expect(await hosts.ended(id)).toBe("succeeded");
  // The old one lives and drains: what it held was given up, it neither ran out nor was it taken from the dead.
  expect(await holdersOf(id)).toEqual([
    { pid: old.pid, predecessorDead: true },
    { pid: next.pid, predecessorDead: false },
  ]);
  const types = (await hosts.eventsOf(id)).map(({ type, data }) => (typeof data["step"] === "string" ? `${type} ${data["step"]}` : type));
  const left = types.indexOf("step.interrupted web.promote");
  expect(types.slice(left, left + 3)).toEqual(["step.interrupted web.promote", "deployment.started", "step.succeeded web.promote"]);
  expect(types).not.toContain("rollback.started");
});

test("a worker of the old release that is left to drain takes over as well", async () => {
  const [old, other] = [await hosts.start({ env: patient }), await hosts.start({ env: patient })];
  old.order({ type: "deploy", release: "1" });
  const { id } = await old.said("deploying");
  await old.said("replace");

  old.kill("SIGTERM");
  // It makes the new release serve once more: that is asked for as often as it takes.
  const { candidate } = await other.said("replace");
  const next = await hosts.start({ candidate, env: patient });
  other.kill("SIGTERM");

  expect(await hosts.ended(id)).toBe("succeeded");
  expect((await holdersOf(id)).map(({ pid }) => pid)).toEqual([old.pid, other.pid, next.pid]);
});

test("a process that was killed is followed by the same one, started again, without a wait for its lease", async () => {
  const first = await hosts.start({ env: { ...patient, HOST_HANGS_IN: "prepare" } });
  first.order({ type: "deploy", release: "1" });
  const { id } = await first.said("deploying");
  await first.said("at");
  first.kill("SIGKILL");
  await first.gone;

  const again = await hosts.start({ env: patient });
  const { candidate } = await again.said("replace");
  const next = await hosts.start({ candidate, env: patient });
  again.kill("SIGTERM");

  expect(await hosts.ended(id)).toBe("succeeded");
  expect((await holdersOf(id)).slice(0, 2)).toEqual([
    { pid: first.pid, predecessorDead: true },
    { pid: again.pid, predecessorDead: true },
  ]);
  expect((await holdersOf(id)).map(({ pid }) => pid)).toEqual([first.pid, again.pid, next.pid]);
});

test("another process takes over from one that was killed on another machine, when its lease has ended", async () => {
  const env = { HOST_LEASE: "2s" };
  const killed = await hosts.start({ env: { ...env, HOST_MACHINE: "elsewhere", HOST_HANGS_IN: "prepare" } });
  killed.order({ type: "deploy", release: "1" });
  const { id } = await killed.said("deploying");
  await killed.said("at");
  const live = await hosts.start({ env });
  killed.kill("SIGKILL");
  await killed.gone;

  // Whether that one is dead cannot be proved here, so what it had begun is looked at only behind its deadline.
  await expect.poll(async () => (await holdersOf(id)).length, { timeout: 90_000 }).toBe(2);
  expect(await holdersOf(id)).toMatchObject([{ pid: killed.pid }, { pid: live.pid, predecessorDead: false }]);
});
