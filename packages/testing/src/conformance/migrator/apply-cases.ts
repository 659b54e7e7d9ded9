import assert from "node:assert/strict";
import type { Cases } from "../suite.js";
import { applyAll, callOf, idsOf, pendingOf, question, refuses, release, script, type MigratorFixture } from "./fixture.js";

/** `apply`: in order, only what was approved, each once. */
export const applyCases = {
  "migrations are applied in order, and it is said which": async ({ migrator, write, witness }) => {
    const ids = await write(script(1), script(2), script(3));
    const migrations = (await pendingOf(migrator)).toReversed();
    const result = await migrator.apply({ phase: "expand", migrations, release }, callOf());
    assert.deepEqual(idsOf(result), ids);
    for (const { duration } of result.applied) assert.ok(Number.isFinite(duration) && duration >= 0, `took ${String(duration)} ms`);
    assert.deepEqual(await witness.marks(), ["mark 1", "mark 2", "mark 3"]);
  },

  "what was applied is not applied again, by no process": async ({ migrator, again, write, witness }) => {
    await write(script(1), script(2));
    const migrations = await pendingOf(migrator);
    await migrator.apply({ phase: "expand", migrations, release }, callOf());
    for (const one of [migrator, await again()]) {
      assert.deepEqual(idsOf(await one.apply({ phase: "expand", migrations, release }, callOf())), []);
    }
    assert.deepEqual(await witness.marks(), ["mark 1", "mark 2"]);
  },

  "nothing to apply is fine": async ({ migrator, write, witness }) => {
    await write(script(1));
    assert.deepEqual(idsOf(await migrator.apply({ phase: "expand", migrations: [], release }, callOf())), []);
    assert.deepEqual(await witness.marks(), []);
  },

  "only the phase that is asked for is applied": async ({ migrator, write, witness }) => {
    await write(script(1, "contract"), script(2), script(3, "backfill"));
    const { pending: migrations } = await migrator.plan(question());
    const applied: string[] = [];
    for (const phase of ["expand", "backfill", "contract"] as const) {
      await migrator.apply({ phase, migrations, release }, callOf());
      applied.push((await witness.marks()).join(", "));
    }
    assert.deepEqual(applied, ["mark 2", "mark 2, mark 3", "mark 2, mark 3, mark 1"]);
  },

  "only what is named is applied": async ({ migrator, write, witness }) => {
    const [first, second, third] = await write(script(1), script(2), script(3));
    const migrations = (await pendingOf(migrator)).filter(({ id }) => id === second);
    await migrator.apply({ phase: "expand", migrations, release }, callOf());
    assert.deepEqual(await witness.marks(), ["mark 2"]);
    assert.deepEqual(
      (await pendingOf(migrator)).map(({ id }) => id),
      [first, third],
    );
  },

  "what is not what was approved is refused, and nothing is applied": async ({ migrator, write, witness }) => {
    const [, second] = await write(script(1), script(2));
    const migrations = await pendingOf(migrator);
    await write({ ...script(2), mark: "another mark" });
    await refuses(migrator.apply({ phase: "expand", migrations, release }, callOf()), String(second));
    assert.deepEqual(await witness.marks(), []);
  },

  "what is not there and was never applied is refused": async ({ migrator, write, remove, witness }) => {
    const [, second] = await write(script(1), script(2));
    const migrations = await pendingOf(migrator);
    await remove(script(2).name);
    await refuses(migrator.apply({ phase: "expand", migrations, release }, callOf()), String(second));
    assert.deepEqual(await witness.marks(), []);
  },

  "what was applied need not be there any more, if it is what was applied": async ({ migrator, write, remove, witness }) => {
    const [id] = await write(script(1));
    const migrations = await pendingOf(migrator);
    await applyAll(migrator);
    await remove(script(1).name);
    assert.deepEqual(idsOf(await migrator.apply({ phase: "expand", migrations, release }, callOf())), []);
    const others = migrations.map((one) => ({ ...one, checksum: `sha256:${"0".repeat(64)}` }));
    await refuses(migrator.apply({ phase: "expand", migrations: others, release }, callOf()), String(id));
    assert.deepEqual(await witness.marks(), ["mark 1"]);
  },

  "one that fails keeps those before it, nothing of itself, and is named": async ({ migrator, write, witness }) => {
    const [, second, third] = await write(script(1), { ...script(2), ends: "fails" }, script(3));
    await refuses(applyAll(migrator), String(second));
    assert.deepEqual(await witness.marks(), ["mark 1"]);
    assert.deepEqual(
      (await pendingOf(migrator)).map(({ id }) => id),
      [second, third],
    );
  },

  "one that failed can be mended, and the others go on from there": async ({ migrator, again, write, witness }) => {
    const [, second] = await write(script(1), { ...script(2), ends: "fails" }, script(3));
    await refuses(applyAll(migrator), String(second));
    await write(script(2));
    const other = await again();
    assert.equal((await other.plan(question())).findings.length, 0);
    await applyAll(other);
    assert.deepEqual(await witness.marks(), ["mark 1", "mark 2", "mark 3"]);
  },
} satisfies Cases<MigratorFixture>;
