import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { matrixCases, psql, requireService } from "@fairlead/test-support";
import { beforeEach, expect, test } from "vitest";
import { byTool, dump } from "./layouts/by-tool.js";
import { changes, changesTogether } from "./layouts/changes.js";
import { tools } from "./layouts/tools.js";
import { useServer } from "./support/scene.js";

// Debian's pg_dump reads servers up to this version.
const { createScene } = useServer({ version: 15 });
beforeEach((context) => {
  requireService(context, psql);
});

test.for(matrixCases(Object.entries(byTool), { sample: 2 }))(
  "what is applied of a folder of %s is to pg_dump what the tool or psql makes of it",
  async ([name, { apply, with: means, together }]) => {
    const used = together === true ? changesTogether : changes;
    const scene = await createScene();
    for (const [path, text] of Object.entries(tools[name]?.(used).files ?? {})) {
      await mkdir(dirname(join(scene.folder, path)), { recursive: true });
      await writeFile(join(scene.folder, path), text);
    }
    const other = await createScene();
    await apply(scene.folder, other.url);
    const applied = await scene.apply();
    expect(applied.length).toBeGreaterThanOrEqual(30);
    const [ours, theirs] = [await dump(scene.url), await dump(other.url)];
    expect(ours).toContain("CREATE TABLE public.orders_3");
    expect(ours).toBe(theirs);
    console.log(`${name}: ${String(applied.length)} migrations, ${String(ours.split("\n").length)} lines of pg_dump -s as with ${means}`);
  },
);
