import { docker } from "@fairlead/test-support";
import { expect } from "vitest";
import type { WorkDone } from "../../stage/customers.ts";
import { readEngineRecords } from "./engine-records.ts";
import { ask } from "./kept-database.ts";
import type { Scene } from "./scene.ts";

/** Release 2 serves, and everything that its deployment did was done once, by the records of those whom it was done to. Answers the deployment's id. */
export async function expectDeployedOnce(scene: Scene, since: number): Promise<string> {
  const { world, firstWorker } = scene;
  const [status] = await scene.read("status", ["status", "production"]);
  const { id = "", release = "" } = status?.last ?? {};
  expect(status).toMatchObject({
    running: null,
    deadLetters: [],
    last: { phase: "succeeded", outcome: "promoted" },
    release: { release: { id: release } },
  });
  expect(status?.components.map(({ component, drifted, serving }) => [component, serving.release, drifted])).toEqual(
    ["web", ...(world.worker.available ? ["worker"] : [])].map((component) => [component, release, false]),
  );
  await expectServed(scene);
  await expectMigratedOnce(scene);
  if (firstWorker !== undefined) await expectWorkerReplacedOnce(world.env["SHOP_APPLICATION"] ?? "", { firstWorker, since, release });
  return id;
}

async function expectServed({ world }: Scene): Promise<void> {
  const answer = await fetch(new URL("version.json", world.shopUrl));
  expect([answer.status, await answer.json()]).toEqual([200, { release: "2" }]);
  const { effects } = await world.vercel.ledger();
  const candidate = effects.find(({ kind }) => kind === "deployment.created")?.subject;
  const uploads = effects.filter(({ kind }) => kind === "file.uploaded").map(({ subject }) => subject);
  expect(uploads).toHaveLength(new Set(uploads).size);
  expect(
    effects.filter(({ kind }) => kind !== "file.uploaded").map(({ kind, subject, details }) => [kind, details["to"] ?? subject]),
  ).toEqual([
    ["deployment.created", candidate],
    ["deployment.ready", candidate],
    ["promotion.requested", candidate],
    ["production.moved", candidate],
  ]);
}

async function expectMigratedOnce({ world }: Scene): Promise<void> {
  const { url } = world.database;
  expect(await ask(url, "select id, state from fairlead.migrations order by id")).toEqual([
    { id: "0001_products", state: "applied" },
    { id: "0002_orders", state: "applied" },
  ]);
  const [commands] = await ask<{ made: number; changed: number }>(
    url,
    `select count(*) filter (where tag = 'CREATE TABLE' and object = 'public.orders')::int as made,
      count(*) filter (where tag = 'ALTER TABLE' and object = 'public.jobs')::int as changed
    from audit.commands`,
  );
  expect(commands).toEqual({ made: 1, changed: 1 });
}

async function expectWorkerReplacedOnce(
  application: string,
  { firstWorker, since, release }: { readonly firstWorker: string; readonly since: number; readonly release: string },
): Promise<void> {
  const records = await readEngineRecords(docker.socketPath, application, since);
  const [worker] = records.filter(({ action }) => action === "create");
  expect(records).toEqual([
    { action: "create", container: worker?.container, release, exitCode: undefined },
    { action: "start", container: worker?.container, release, exitCode: undefined },
    { action: "die", container: firstWorker, release: expect.not.stringMatching(release), exitCode: "0" },
  ]);
}

/** Every job was done, and none twice. */
export function expectWorkDoneOnce(work: WorkDone): void {
  expect(work).toMatchObject({ done: work.queued, repeated: 0 });
}

/** Which messages about a deployment arrived, by the channels' own records. */
export interface Received {
  readonly missing: readonly string[];
  /** How often a channel took a message again. */
  readonly repeated: Readonly<Record<"slack" | "email" | "webhook", number>>;
}

export async function readMessages({ world }: Scene, deploymentId: string): Promise<Received> {
  const [{ messages }, mails] = await Promise.all([world.messages.ledger(), world.mails.ledger()]);
  const texts = {
    slack: messages.filter(({ channel }) => channel === "slack").map(({ text }) => text),
    // A channel with a key takes each message once, however often it comes.
    webhook: messages.filter(({ channel, duplicate }) => channel === "webhook" && !duplicate).map(({ payload }) => JSON.stringify(payload)),
    email: mails.messages.map(({ subject, text }) => `${subject} ${text}`),
  };
  const count = (all: readonly string[], word: string): number =>
    all.filter((text) => text.includes(deploymentId) && text.includes(word)).length;
  const words = ["has begun", "succeeded"];
  const repeated = (all: readonly string[]): number => words.reduce((sum, word) => sum + Math.max(0, count(all, word) - 1), 0);
  return {
    missing: Object.entries(texts).flatMap(([channel, all]) =>
      words.filter((word) => count(all, word) === 0).map((word) => `${channel}: ${word}`),
    ),
    repeated: { slack: repeated(texts.slack), email: repeated(texts.email), webhook: repeated(texts.webhook) },
  };
}
