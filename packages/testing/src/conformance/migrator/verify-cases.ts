import assert from "node:assert/strict";
import type { MigrationFinding } from "@fairlead/core";
import type { Cases } from "../suite.js";
import { applyAll, question, script, type MigratorFixture } from "./fixture.js";

/** `verify`: proves what it can before anything is deployed, and changes nothing that is in use. */
export const verifyCases = {
  "what can run has no error": async ({ migrator, write }) => {
    await write(script(1), script(2, "backfill"), script(3, "contract"));
    assert.deepEqual(errorsOf(await migrator.verify(question())), []);
    await applyAll(migrator);
    assert.deepEqual(errorsOf(await migrator.verify(question())), []);
  },

  "verifying changes nothing": async ({ migrator, write, witness }) => {
    await write(script(1), script(2));
    const plan = await migrator.plan(question());
    await migrator.verify(question());
    assert.deepEqual(await witness.marks(), []);
    assert.deepEqual(await migrator.plan(question()), plan);
  },

  "of what cannot run nobody says that it can": async ({ migrator, write, witness }) => {
    const [, second] = await write(script(1), { ...script(2), ends: "fails" });
    const findings = await migrator.verify(question());
    assert.notEqual(findings.length, 0, "it neither found an error nor said that it could not prove anything");
    assert.deepEqual(
      errorsOf(findings).filter((migration) => migration !== second),
      [],
    );
    assert.deepEqual(await witness.marks(), []);
  },

  "what a plan finds wrong, verifying finds wrong": async ({ migrator, write }) => {
    const [id] = await write(script(1));
    await applyAll(migrator);
    await write({ ...script(1), mark: "another mark" });
    assert.deepEqual(errorsOf(await migrator.verify(question())), [id]);
  },
} satisfies Cases<MigratorFixture>;

function errorsOf(findings: readonly MigrationFinding[]): readonly string[] {
  return findings.filter(({ severity }) => severity === "error").map(({ migration }) => migration);
}
