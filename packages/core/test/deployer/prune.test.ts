import { expect, test } from "vitest";
import { createDeployer, isFairleadError, verifyExport, type EnvironmentOptions, type PruneInput, type Store } from "../../src/index.js";
import { emptyHead, sealEvents } from "../../src/journal/index.js";
import { createStage, person, type Stage } from "./stage.js";

const environment = "development";
const day = 86_400_000;

/** Deploys one release after the other, ten days apart, and answers the ids of the deployments. */
async function deployAll({ deploy, end, wait }: Stage, releases: string): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const release of releases) {
    ids.push((await end(await deploy(release))).deploymentId);
    await wait(10 * day);
  }
  return ids;
}

async function idsOf({ deployer }: Pick<Stage, "deployer">): Promise<readonly string[]> {
  return (await deployer.history({ limit: 1000 })).items.map(({ id }) => id).reverse();
}

async function namesOf(store: Store): Promise<readonly string[]> {
  return (await store.list({ prefix: "", limit: 1000 })).items.map(({ name }) => name);
}

/** Something that was logged while a deployment was driven, or long after. */
async function say(store: Store, id: string, expectedVersion: number): Promise<void> {
  const name = `log/shop/${id}`;
  const written = { type: "log.written", at: "2026-01-01T00:00:00.000Z", data: { entries: [] } };
  const [before] = await store.read(name);
  const head = before === undefined ? emptyHead : { version: 1, hash: before.hash };
  await store.commit({ streams: [{ name, expectedVersion, events: sealEvents(name, head, [written]).events }] });
}

const narrow = { retain: 1, rollback: { releases: 1 } } as const satisfies Partial<EnvironmentOptions>;

test("what ended long ago and nobody needs is removed with its log, and the rest is left as it was", async () => {
  const stage = createStage(narrow);
  await using deployer = stage.deployer;
  const ids = await deployAll(stage, "12345");
  for (const id of ids) await say(stage.store, id, 0);
  const before = await namesOf(stage.store);
  const report = await deployer.prune({ environment, olderThan: "15d", keep: 1, actor: person("ada"), reason: "tidy" });
  // The fifth serves, and a rollback may go to the fourth.
  expect(report.environments).toMatchObject([{ environment, deployments: 3 }]);
  expect(await idsOf(stage)).toEqual(ids.slice(3));
  const gone = before.filter((name) => ids.slice(0, 3).some((id) => name.includes(id)));
  expect(await namesOf(stage.store)).toEqual(before.filter((name) => !gone.includes(name)));
  expect(gone).toHaveLength(6);
  expect(await deployer.verifyJournal()).toMatchObject({ problems: [] });
  const [recorded] = (await stage.store.read(`environment/shop/${environment}`)).slice(-1);
  expect(recorded).toMatchObject({
    type: "history.pruned",
    data: { actor: { name: "ada" }, reason: "tidy", deployments: 3, until: report.environments[0]?.until },
  });
  await expect(deployer.explain(ids[0] ?? "")).rejects.toMatchObject({ code: "DEPLOYMENT_UNKNOWN" });
  await expect(deployer.abandon({ deploymentId: ids[0] ?? "", reason: "late" })).rejects.toMatchObject({ code: "DEPLOYMENT_UNKNOWN" });
  expect((await stage.end(await deployer.rollback({ environment }))).phase).toBe("succeeded");
});

test("nothing young goes, nor the newest, nor what the configuration keeps for a rollback, nor why an environment is pinned", async () => {
  const stage = createStage({ retain: 5, rollback: { releases: 2 } });
  await using deployer = stage.deployer;
  const ids = await deployAll(stage, "12345");
  const prunable = async (input: PruneInput<"development">): Promise<number> =>
    (await deployer.prune({ environment, dryRun: true, ...input })).environments[0]?.deployments ?? 0;
  expect(await prunable({ olderThan: "100d", keep: 0 })).toBe(0);
  expect(await prunable({ olderThan: "45d", keep: 0 })).toBe(1);
  expect(await prunable({ olderThan: "1d", keep: 0 })).toBe(2);
  expect(await prunable({ olderThan: "1d", keep: 4 })).toBe(1);
  expect(await prunable({ olderThan: "1d" })).toBe(0);
  expect(await idsOf(stage)).toEqual(ids);

  const { deploymentId: rollback } = await stage.end(await deployer.rollback({ environment, actor: person("bea") }));
  await stage.wait(50 * day);
  await deployer.prune({ environment, olderThan: "1d", keep: 0 });
  expect(await idsOf(stage)).toContain(rollback);
  expect((await deployer.status(environment)).pin?.deploymentId).toBe(rollback);
});

test("what has not ended stays, however old", async () => {
  const stage = createStage({ ...narrow, approvals: { required: 1, expiresAfter: "1d" } });
  await using deployer = stage.deployer;
  const waiting = await stage.deploy("1");
  await stage.wait(day / 24);
  expect((await deployer.prune({ olderThan: "1ms", keep: 0 })).environments).toMatchObject([{ deployments: 0 }]);
  expect(await waiting.state()).toMatchObject({ phase: "awaiting_approval" });
});

test("nothing is removed before it is archived, nor what the archive does not have", async () => {
  const stage = createStage(narrow);
  await using deployer = stage.deployer;
  const ids = await deployAll(stage, "1234");
  const disk = new Error("no space left");
  const input = { environment, olderThan: "1d", keep: 0 } as const;
  await expect(deployer.prune({ ...input, archive: () => Promise.reject(disk) })).rejects.toThrow("no space left");
  expect(await idsOf(stage)).toEqual(ids);

  const lines: string[] = [];
  await deployer.prune({
    ...input,
    archive: async (journal) => {
      for await (const line of journal) lines.push(line);
      await say(stage.store, ids[0] ?? "", 0);
    },
  });
  expect(await verifyExport(lines)).toMatchObject({ problems: [] });
  expect(lines.filter((line) => line.includes('"deployment.succeeded"'))).toHaveLength(2);
  expect(await idsOf(stage)).toEqual([ids[0], ...ids.slice(2)]);
});

test("two at once remove everything once, and a second time changes nothing", async () => {
  const stage = createStage(narrow);
  await using deployer = stage.deployer;
  await deployAll(stage, "12345678");
  const other = createStage(narrow, { store: stage.store, clock: stage.clock });
  const input = { environment, olderThan: "1d", keep: 0 } as const;
  const reports = await Promise.all([deployer.prune(input), other.deployer.prune(input)]);
  expect(reports.reduce((sum, { environments }) => sum + (environments[0]?.deployments ?? 0), 0)).toBe(6);
  const { items } = await stage.store.list({ prefix: `environment/shop/${environment}` });
  expect(items[0]?.summary["pruned"]).toMatchObject({ deployments: 6 });
  await deployer.prune(input);
  expect((await stage.store.list({ prefix: `environment/shop/${environment}` })).items).toEqual(items);
  await other.deployer.close();
});

test("the numbers of a period say that some of it was removed", async () => {
  const stage = createStage(narrow);
  await using deployer = stage.deployer;
  await deployAll(stage, "1234");
  expect((await deployer.statistics({ since: "90d" })).pruned).toEqual([]);
  const { environments } = await deployer.prune({ olderThan: "1d", keep: 0 });
  const until = environments[0]?.until;
  expect((await deployer.statistics({ since: "90d" })).pruned).toEqual([{ environment, deployments: 2, until }]);
  expect((await deployer.statistics({ environment, since: "90d" })).pruned).toEqual([{ environment, deployments: 2, until }]);
  expect((await deployer.statistics({ since: "5d" })).pruned).toEqual([]);
});

test("what the configuration says is done whenever a deployment ends, and by whom is recorded", async () => {
  const stage = createStage({ ...narrow, prune: { olderThan: "15d", keep: 2 } });
  const ids = await deployAll(stage, "12345");
  await stage.deployer.close();
  const after = createStage(narrow, { store: stage.store, clock: stage.clock });
  expect(await idsOf(after)).toEqual(ids.slice(3));
  const recorded = (await stage.store.read(`environment/shop/${environment}`)).filter(({ type }) => type === "history.pruned");
  expect(recorded.map(({ data }) => data["actor"])).toEqual(recorded.map(() => ({ name: "fairlead", via: "automatic" })));
  await after.deployer.close();
});

test("a key stays taken when its deployment was removed", async () => {
  const stage = createStage(narrow);
  await using deployer = stage.deployer;
  const source = await stage.source("one");
  await stage.end(await deployer.deploy({ environment, source, key: "build-1" }));
  await stage.wait(10 * day);
  await deployAll(stage, "23");
  await deployer.prune({ olderThan: "1d", keep: 0 });
  await expect(deployer.deploy({ environment, source, key: "build-1" })).rejects.toMatchObject({ code: "DEPLOYMENT_UNKNOWN" });
});

test("nothing is removed where nobody has said how old it has to be", async () => {
  const stage = createStage(narrow);
  await using deployer = stage.deployer;
  await deployAll(stage, "123");
  const error: unknown = await deployer.prune().catch((thrown: unknown) => thrown);
  expect(isFairleadError(error, "PRUNE_LIMIT_MISSING")).toBe(true);
  await expect(deployer.prune({ environment })).rejects.toMatchObject({ code: "PRUNE_LIMIT_MISSING", data: { environment } });
  expect(await idsOf(stage)).toHaveLength(3);
});

test("an environment that is no longer configured is pruned with the others, down to what a rollback might have put back", async () => {
  const stage = createStage(narrow);
  const ids = await deployAll(stage, "12");
  const failing = createStage({ ...narrow, verify: { within: "1s" } }, { store: stage.store, clock: stage.clock });
  failing.health.candidate = "down";
  const failed = (await failing.end(await failing.deploy("3"))).deploymentId;
  await stage.wait(50 * day);
  await using other = createDeployer({ application: "shop", store: stage.store, clock: stage.clock, plugins: [], environments: {} });
  const { environments } = await other.prune({ olderThan: "30d", keep: 0 });
  expect(environments).toMatchObject([{ environment, deployments: 1 }]);
  expect(await idsOf(stage)).toEqual(ids);
  expect(ids).not.toContain(failed);
  await Promise.all([stage, failing].map(({ deployer }) => deployer.close()));
});
