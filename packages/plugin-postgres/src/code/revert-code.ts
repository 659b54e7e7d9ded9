import { fail } from "@fairlead/core";
import type { MigrationFile } from "../folder/migration-file.js";
import { revertedStatement, revertStatement } from "../ledger/records.js";
import { postgresErrors } from "../postgres-errors.js";
import { patiently } from "../transaction/patiently.js";
import type { Runner } from "../transaction/runner.js";
import { prepareSession } from "../transaction/settings.js";
import { commit, endingStatements, openTransaction, rollBackAll } from "../transaction/transaction.js";
import { codeFailureOf, isOurs, refusedOf } from "./code-failure.js";
import { callCode } from "./database.js";
import { loadCode } from "./load-code.js";
import type { Asked } from "./queries.js";

/** Takes a migration back with its own `down`, in one transaction. Rejects with `POSTGRES_NO_WAY_BACK` where it has none. */
export async function revertCode(runner: Runner, file: MigrationFile): Promise<void> {
  const { session, ledger, run, lockTimeout } = runner;
  const { down } = await loadCode(file);
  if (down === undefined) throw fail(postgresErrors, "POSTGRES_NO_WAY_BACK", { migration: file.id });
  await prepareSession(session, lockTimeout);
  const asked: Asked = new WeakMap();
  const work = async (): Promise<void> => {
    const entry = await openTransaction(session, { lockTimeout, ledger: revertStatement(session, ledger, file.id, run) });
    if (entry === undefined)
      throw fail(postgresErrors, "POSTGRES_MIGRATION_NOT_APPLIED", { migration: file.id, state: "no longer applied" });
    await callCode({ runner, file, asked }, down);
    const ended = await commit(session, [...endingStatements(session), revertedStatement(session, ledger, file.id)]);
    if (ended.at(-1)?.[0] === undefined) throw takenBack(file);
  };
  try {
    await patiently(runner, file.id, { work, restore: () => rollBackAll(session) });
  } catch (error) {
    if (isOurs(error)) return refusedOf(session, error);
    await rollBackAll(session);
    throw fail(postgresErrors, "POSTGRES_MIGRATION_FAILED", {
      migration: file.id,
      ...codeFailureOf(runner, file, error, asked),
      undone: true,
      kept: 0,
    });
  }
}

/** The way back took its own transaction back, and with it that it was gone; what it did behind that is in effect. */
function takenBack({ id, path }: MigrationFile): Error {
  const failure = { at: path, problem: "its way back ends its transaction itself, with ROLLBACK", sqlState: "25000" };
  return fail(postgresErrors, "POSTGRES_MIGRATION_FAILED", { migration: id, ...failure, statement: null, undone: false, kept: 0 });
}
