import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { matrixCases } from "@fairlead/test-support";
import { expect, test } from "vitest";
import { changes } from "./layouts/changes.js";
import { snapshot } from "./layouts/snapshot.js";
import { tools, type ToolFolder } from "./layouts/tools.js";
import { errorOf } from "./support/error-of.js";
import { useServer, type Scene } from "./support/scene.js";

const { createScene } = useServer();

const names = Object.keys(tools);

async function sceneOf({ files }: ToolFolder): Promise<Scene> {
  const scene = await createScene();
  for (const [path, text] of Object.entries(files)) {
    const place = join(scene.folder, path);
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, text);
  }
  return scene;
}

function folderOf(name: string): ToolFolder {
  const tool = tools[name];
  if (tool === undefined) throw new RangeError(name);
  return tool(changes);
}

/** What comes of the statements when each is sent by itself. */
async function byHand(count = changes.length): Promise<Scene> {
  const scene = await createScene();
  const client = await scene.connect();
  for (const { up } of changes.slice(0, count)) for (const statement of up) await client.query(statement);
  return scene;
}

async function schemaOf({ query }: Scene): Promise<readonly Record<string, unknown>[]> {
  return (await query(snapshot)).filter(({ name }) => name !== "totals" && !String(name).startsWith("totals."));
}

test.for(matrixCases(names, { sample: 2 }))("the folder of %s makes the schema that its statements make", async (name) => {
  const scene = await sceneOf(folderOf(name));
  const plan = await scene.migrator.plan(scene.call());
  expect(plan.findings.filter(({ severity }) => severity === "error")).toEqual([]);
  expect((await scene.apply()).length).toBe(name === "flyway" ? changes.length + 1 : changes.length);
  expect(await schemaOf(scene)).toEqual(await schemaOf(await byHand()));
  expect(await scene.apply()).toEqual([]);
});

test.for(matrixCases(names, { sample: 2 }))("what %s has applied is taken over, and the rest is applied", async (name) => {
  const half = changes.length / 2;
  const folder = folderOf(name);
  const scene = await sceneOf(folder);
  const client = await scene.connect();
  for (const { up } of changes.slice(0, half)) for (const statement of up) await client.query(statement);
  await client.query(folder.ledger(half));

  const { pending, all } = await scene.migrator.plan(scene.call());
  expect(pending.map(({ id }) => id)).toEqual(all.slice(half).map(({ id }) => id));
  expect(await scene.apply()).toEqual(all.slice(half).map(({ id }) => id));
  expect(await schemaOf(scene)).toEqual(await schemaOf(await byHand()));
  expect(await scene.query("select count(*)::int as rows from fairlead.migrations where state = 'applied'")).toEqual([
    { rows: all.length },
  ]);
  expect(await scene.apply()).toEqual([]);
});

test("what a tool has not brought to its end stops the plan, and says where", async () => {
  const folder = folderOf("golang-migrate");
  const scene = await sceneOf(folder);
  await scene.query(folder.ledger(3).replace("false)", "true)"));
  const error = await errorOf(scene.migrator.plan(scene.call()));
  expect(error).toMatchObject({ code: "POSTGRES_TOOL_UNFINISHED", data: { tool: "golang-migrate", migration: "3_extend_type_orders_0" } });
});

test("what another tool has applied and somebody has edited since is an error", async () => {
  const folder = folderOf("prisma");
  const scene = await sceneOf(folder);
  await scene.query(folder.ledger(1).replace(/'[0-9a-f]{64}'/, `'${"0".repeat(64)}'`));
  const { findings } = await scene.migrator.plan(scene.call());
  expect(findings[0]).toMatchObject({
    severity: "error",
    message: expect.stringContaining("was edited after it had been applied") as string,
  });
});

test("what is repeatable runs again when it has changed, behind the others, and not otherwise", async () => {
  const scene = await createScene();
  await scene.write({
    "V1__a.sql": "create table a (n int); insert into a values (1)",
    "R__v.sql": "create or replace view v as select n from a",
  });
  expect(await scene.apply()).toEqual(["V1__a", "R__v"]);
  expect(await scene.apply()).toEqual([]);
  await scene.write({ "R__v.sql": "create or replace view v as select n, 2 as m from a", "V2__b.sql": "create table b ()" });
  expect(await scene.apply()).toEqual(["V2__b", "R__v"]);
  expect(await scene.query("select * from v")).toEqual([{ n: 1, m: 2 }]);
  expect(await scene.apply()).toEqual([]);
});

test("a placeholder of Flyway's is a problem, with its place", async () => {
  const scene = await createScene();
  await scene.write({ "V1__a.sql": "create table a ();\ncreate table ${prefix}_b ()" });
  const { findings } = await scene.migrator.plan(scene.call());
  expect(findings).toMatchObject([{ severity: "error", message: expect.stringContaining('V1__a.sql:2: "${prefix}"') as string }]);
});
