import assert from "node:assert/strict";
import type { Cases } from "../suite.js";
import { applyAll, question, script, type MigratorFixture } from "./fixture.js";

/** `plan`: what is pending, what it means, and what is wrong with it. */
export const planCases = {
  "it says what it is": async ({ migrator }) => {
    assert.notEqual(migrator.description.trim(), "");
  },

  "where there are no migrations, there is nothing to do": async ({ migrator }) => {
    const { all, pending, ahead, compatibility, findings } = await migrator.plan(question());
    assert.deepEqual({ all, pending, ahead, findings }, { all: [], pending: [], ahead: [], findings: [] });
    assert.equal(compatibility, "code-only");
  },

  "what is pending is named in order, with its phase and its checksum": async ({ migrator, write }) => {
    const ids = await write(script(2, "contract"), script(1), script(3, "backfill"));
    const { all, pending } = await migrator.plan(question());
    assert.deepEqual(
      pending.map(({ id, phase }) => ({ id, phase })),
      [
        { id: ids[1], phase: "expand" },
        { id: ids[0], phase: "contract" },
        { id: ids[2], phase: "backfill" },
      ],
    );
    assert.deepEqual(
      all,
      pending.map(({ id, checksum, phase }) => ({ id, checksum, phase })),
    );
    for (const { checksum } of all) assert.match(checksum, /^sha256:[0-9a-f]{64}$/);
  },

  "planning changes nothing, and another process plans the same": async ({ migrator, again, write, witness }) => {
    await write(script(1), script(2, "contract"));
    const plan = await migrator.plan(question());
    assert.deepEqual(await migrator.plan(question()), plan);
    assert.deepEqual(await (await again()).plan(question()), plan);
    assert.deepEqual(await witness.marks(), []);
  },

  "a checksum stands for the text": async ({ migrator, write }) => {
    const checksum = async (): Promise<string | undefined> => (await migrator.plan(question())).all[0]?.checksum;
    await write(script(1));
    const first = await checksum();
    await write({ ...script(1), mark: "another mark" });
    assert.notEqual(await checksum(), first);
    await write(script(1));
    assert.equal(await checksum(), first);
  },

  "code of the release before survives what expands, and not what contracts": async ({ migrator, write }) => {
    await write(script(1), script(2, "contract"));
    const { pending, compatibility } = await migrator.plan(question());
    assert.equal(pending[0]?.compatibility, "code-only");
    assert.notEqual(pending[1]?.compatibility, "code-only");
    // What contracts runs when nothing older serves any more.
    assert.equal(compatibility, "code-only");
  },

  "what was applied is pending no more, for no process, and belongs to the release still": async ({ migrator, again, write }) => {
    await write(script(1), script(2));
    const before = await migrator.plan(question());
    await applyAll(migrator);
    for (const one of [migrator, await again()]) {
      const { all, pending, ahead, findings } = await one.plan(question());
      assert.deepEqual(all, before.all);
      assert.deepEqual({ pending, ahead, findings }, { pending: [], ahead: [], findings: [] });
    }
  },

  "what was edited after it was applied is an error that names it": async ({ migrator, again, write }) => {
    const [id] = await write(script(1));
    await applyAll(migrator);
    await write({ ...script(1), mark: "another mark" });
    const { findings } = await (await again()).plan(question());
    const errors = findings.filter(({ severity }) => severity === "error");
    assert.deepEqual(
      errors.map(({ migration }) => migration),
      [id],
    );
    for (const { message, hint } of errors) assert.ok(message.trim() !== "" && hint.trim() !== "");
  },

  "what the database has seen and the folder lacks is ahead, and no error": async ({ migrator, write, remove }) => {
    const [, second] = await write(script(1), script(2));
    await applyAll(migrator);
    await remove(script(2).name);
    const { all, pending, ahead, findings } = await migrator.plan(question());
    assert.equal(all.length, 1);
    assert.deepEqual({ pending, ahead }, { pending: [], ahead: [second] });
    assert.deepEqual(
      findings.filter(({ severity }) => severity === "error"),
      [],
    );
  },
} satisfies Cases<MigratorFixture>;
