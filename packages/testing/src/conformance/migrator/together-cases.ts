import assert from "node:assert/strict";
import type { Cases, CaseTools } from "../suite.js";
import { applyAll, callOf, idsOf, pendingOf, question, release, script, type MigratorFixture } from "./fixture.js";

/** Several at once, and calls that are cut off. */
export const togetherCases = {
  "of many at once each migration is applied by one, and all succeed": async ({ migrator, write, witness }) => {
    const ids = await write(script(1), script(2), script(3));
    const migrations = await pendingOf(migrator);
    const runs = [1, 2, 3, 4].map(() => migrator.apply({ phase: "expand", migrations, release }, callOf()));
    const results = await Promise.all(runs);
    assert.deepEqual(results.flatMap(idsOf).sort(), [...ids]);
    assert.deepEqual(await witness.marks(), ["mark 1", "mark 2", "mark 3"]);
  },

  "of two processes at once each migration is applied by one, and both succeed": async ({ migrator, again, write, witness }) => {
    const ids = await write(script(1), script(2), script(3));
    const migrations = await pendingOf(migrator);
    const migrators = [migrator, await again()];
    const results = await Promise.all(migrators.map((one) => one.apply({ phase: "expand", migrations, release }, callOf())));
    assert.deepEqual(results.flatMap(idsOf).sort(), [...ids]);
    assert.deepEqual(await witness.marks(), ["mark 1", "mark 2", "mark 3"]);
  },

  "a call that was aborted before it began does nothing": async ({ migrator, write, witness }, { soon }) => {
    await write(script(1));
    const migrations = await pendingOf(migrator);
    const aborted = AbortSignal.abort();
    await soon("the refusals", assert.rejects(migrator.plan(question(aborted))));
    await soon("the refusals", assert.rejects(migrator.verify(question(aborted))));
    await soon("the refusals", assert.rejects(migrator.apply({ phase: "expand", migrations, release }, callOf(aborted))));
    assert.deepEqual(await witness.marks(), []);
  },

  "an abort ends a migration soon, keeps nothing of it, and the next process goes on": async (fixture, { soon }) => {
    const { migrator, again, write, witness } = fixture;
    const [, second] = await write(script(1), { ...script(2), ends: "hangs" });
    const controller = new AbortController();
    const cut = endOf(applyAll(migrator, "expand", callOf(controller.signal)));
    await firstMark(fixture, soon);
    controller.abort(new DOMException("the time is up", "TimeoutError"));
    assert.equal(await soon("the end of the call", cut), "rejected");
    const other = await again();
    assert.deepEqual(
      (await pendingOf(other)).map(({ id }) => id),
      [second],
    );
    await write(script(2));
    await soon("the second migration", applyAll(other));
    assert.deepEqual(await witness.marks(), ["mark 1", "mark 2"]);
  },

  "an abort ends the waiting for another process": async (fixture, { soon }) => {
    const { migrator, again, write, witness } = fixture;
    await write(script(1), { ...script(2), ends: "hangs" });
    const holding = new AbortController();
    const holder = endOf(applyAll(migrator, "expand", callOf(holding.signal)));
    await firstMark(fixture, soon);
    const waiting = new AbortController();
    const other = await again();
    const waiter = endOf(other.apply({ phase: "expand", migrations: await pendingOf(other), release }, callOf(waiting.signal)));
    await pause(50);
    waiting.abort(new DOMException("the time is up", "TimeoutError"));
    assert.equal(await soon("the end of the waiting", waiter), "rejected");
    holding.abort(new DOMException("the time is up", "TimeoutError"));
    assert.equal(await soon("the end of the call", holder), "rejected");
    assert.deepEqual(await witness.marks(), ["mark 1"]);
  },
} satisfies Cases<MigratorFixture>;

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** How a call ended. */
function endOf(work: Promise<unknown>): Promise<"resolved" | "rejected"> {
  return work.then(
    () => "resolved",
    () => "rejected",
  );
}

/** Waits until the first migration has taken effect. */
async function firstMark({ witness }: MigratorFixture, soon: CaseTools["soon"]): Promise<void> {
  let over = false;
  const look = async (): Promise<void> => {
    while (!over && (await witness.marks()).length === 0) await pause(5);
  };
  try {
    await soon("the first migration", look());
  } finally {
    over = true;
  }
}
