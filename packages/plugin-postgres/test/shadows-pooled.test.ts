import { pgbouncer, requireService } from "@fairlead/test-support";
import { beforeEach, expect, test } from "vitest";
import { createMigrations } from "../src/index.js";
import { startPooler } from "./support/pooler.js";
import { useServer } from "./support/scene.js";

const { createScene } = useServer();

beforeEach((context) => {
  requireService(context, pgbouncer);
});

const scratches = "select datname from pg_database where datname like 'fairlead_scratch_%'";

test("through a pooler that keeps its connections no scratch database is left", async () => {
  const direct = await createScene();
  const pooler = await startPooler(direct.url);
  try {
    await direct.write({ "1.sql": "create table a (n int)" });
    const { verify } = createMigrations({ url: pooler.through(direct.url), migrations: direct.folder, application: "shop" });
    expect(await verify()).toMatchObject({ shadow: "beside", findings: [], migrations: [{ outcome: "runs" }] });
    expect(await direct.query(scratches)).toEqual([]);
  } finally {
    await pooler.stop();
  }
});

test("a pooler that leads to one database only stops no deployment: nothing is proved, which is said", async () => {
  const direct = await createScene();
  const pooler = await startPooler(direct.url, { databases: new URL(direct.url).pathname.slice(1) });
  try {
    await direct.write({ "1.sql": "create table a (n int)" });
    const url = pooler.through(direct.url);
    for (const shadow of ["beside", "template"]) {
      const { verify } = createMigrations({ url, migrations: direct.folder, application: "shop", shadow });
      expect(await verify()).toMatchObject({
        shadow: "none",
        findings: [{ severity: "warning", message: expect.stringContaining("is a connection pooler") as string }],
        migrations: [{ outcome: "untried" }],
      });
    }
    expect(await direct.query(scratches)).toEqual([]);
  } finally {
    await pooler.stop();
  }
});
