import type { DeploymentCall } from "@fairlead/core";
import { expect, test } from "vitest";
import { createFakeDatabase } from "./fake-database.js";
import { createFakeMigrator } from "./fake-migrator.js";

const say = (): void => undefined;
const call: DeploymentCall = {
  signal: new AbortController().signal,
  log: { info: say, warn: say, error: say },
  environment: "production",
  deploymentId: "dep_1",
  idempotencyKey: "key-1",
};

test("what took effect is told, with whose deployment and release it was", async () => {
  const migrator = createFakeMigrator();
  migrator.database.write({ id: "0002_b", text: "drop table a", phase: "contract" }, { id: "0001_a" });
  const { pending } = await migrator.plan(call);
  await migrator.apply({ phase: "expand", migrations: pending, release: "rel_1" }, call);
  await migrator.apply({ phase: "contract", migrations: pending, release: "rel_2" }, { ...call, deploymentId: "dep_2" });
  expect(migrator.database.effects).toEqual([
    { migration: "0001_a", text: "0001_a", deploymentId: "dep_1", release: "rel_1" },
    { migration: "0002_b", text: "drop table a", deploymentId: "dep_2", release: "rel_2" },
  ]);
});

test("a plan is as compatible as its worst migration before the traffic moves", async () => {
  const { database, plan } = createFakeMigrator();
  database.write({ id: "1", compatibility: "needs-down" }, { id: "2" }, { id: "3", phase: "contract" });
  expect((await plan(call)).compatibility).toBe("needs-down");
});

test("a database of somebody else is refused", () => {
  expect(() => createFakeMigrator({ database: { ...createFakeDatabase() } })).toThrow(
    expect.objectContaining({ code: "FAKE_DATABASE_FOREIGN" }),
  );
});
