import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { matrixCases, psql, requireService } from "@fairlead/test-support";
import { beforeEach, expect, test } from "vitest";
import { createMigrations, type Migrations } from "../src/index.js";
import { byTool, dump } from "./layouts/by-tool.js";
import { changes, changesTogether } from "./layouts/changes.js";
import { tools } from "./layouts/tools.js";
import { useServer, type Scene } from "./support/scene.js";

// Debian's pg_dump reads servers up to this version.
const { createScene } = useServer({ version: 15 });
beforeEach((context) => {
  requireService(context, psql);
});

function migrationsOf({ url, folder }: Scene): Migrations {
  return createMigrations({ url, migrations: folder, application: "shop" });
}

/** A database after this many of the changes, without rows: those that have a value which an enum loses keep it from being lost. */
async function after(count: number): Promise<Scene> {
  const scene = await createScene();
  const client = await scene.connect();
  for (const { up } of changes.slice(0, count))
    for (const statement of up.filter((one) => !one.startsWith("insert"))) await client.query(statement);
  return scene;
}

/** Columns stand in another order where they were added later. */
async function linesOf({ url }: Scene): Promise<readonly string[]> {
  return (await dump(url))
    .split("\n")
    .map((line) => line.replace(/,$/, ""))
    .sort();
}

const last = changes.length;
const prefixes = [
  ...Array.from({ length: last + 1 }, (_, count) => ({ from: 0, to: count })),
  ...[0, 2, 3, 5, 10, 18, 26].map((count) => ({ from: last, to: count })),
  ...Array.from({ length: 8 }, (_, count) => ({ from: count + 1, to: count })),
  ...[9, 14, 21, 27].map((count) => ({ from: count, to: last - 1 })),
];

test.for(matrixCases(prefixes, { sample: 2 }))(
  "of the first $from changes a diff makes what pg_dump sees of the first $to",
  async ({ from, to }) => {
    const [one, other] = [await after(from), await after(to)];
    const { statements, proof } = await migrationsOf(one).diff({ from: "database", to: other.url });
    const client = await one.connect();
    for (const { sql } of statements) await client.query(sql);
    expect(await linesOf(one)).toEqual(await linesOf(other));
    expect(proof).toBe("proved");
  },
);

test.for(matrixCases(Object.entries(byTool), { sample: 1 }))(
  "a folder of %s and what the tool makes of it are alike, its ledger aside",
  async ([name, { apply, together }]) => {
    const scene = await createScene();
    for (const [path, text] of Object.entries(tools[name]?.(together === true ? changesTogether : changes).files ?? {})) {
      await mkdir(dirname(join(scene.folder, path)), { recursive: true });
      await writeFile(join(scene.folder, path), text);
    }
    await apply(scene.folder, scene.url);
    expect(await migrationsOf(scene).diff()).toMatchObject({ statements: [], sql: "", proof: "proved", left: [] });
  },
);
