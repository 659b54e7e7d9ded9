import { describe, expect, test } from "vitest";
import { parseMigration } from "../folder/migration-file.js";
import type { LedgerEntry, LedgerState } from "../ledger/ledger.js";
import { planOf } from "./plan.js";

const ledger = { schema: "fairlead", application: "shop" };

function file(id: string, text = `select 1 as "${id}"`) {
  return parseMigration(id, `migrations/${id}.sql`, Buffer.from(text));
}

function entry(id: string, state: LedgerState = "applied", checksum = file(id).checksum): LedgerEntry {
  return { id, checksum, state, runner: "7@host", startedAt: "2026-01-02T03:04:05.678Z", failure: null, progress: null };
}

function plan(
  files: readonly ReturnType<typeof file>[],
  entries: readonly LedgerEntry[] = [],
  others: { application: string; id: string }[] = [],
) {
  return planOf(ledger, files, { entries, others });
}

test("what failed is pending, what began is too, and what was applied is not", async () => {
  const files = ["1", "2", "3", "4"].map((id) => file(id));
  const { pending, ahead } = await plan(files, [entry("1"), entry("2", "failed"), entry("3", "running"), entry("0")]);
  expect(pending.map(({ id }) => id)).toEqual(["2", "3", "4"]);
  expect(ahead).toEqual(["0"]);
});

test("a plan is as compatible as the worst of what runs before the traffic moves", async () => {
  const files = [
    file("1", "-- fairlead: contract\ndrop table a"),
    file("2", "-- fairlead: needs-down\nalter table a rename to b"),
    file("3"),
  ];
  expect((await plan(files)).compatibility).toBe("needs-down");
  expect(
    (await plan(files, [entry("2", "applied", file("2", "-- fairlead: needs-down\nalter table a rename to b").checksum)])).compatibility,
  ).toBe("code-only");
  expect((await plan([...files, file("4", "-- fairlead: backfill, irreversible\nselect 1")])).compatibility).toBe("irreversible");
});

describe("findings", () => {
  test("an edited file is an error; one that failed may be mended", async () => {
    expect((await plan([file("1", "select 2")], [entry("1")])).findings).toMatchObject([
      { severity: "error", migration: "1", message: expect.stringContaining("migrations/1.sql") },
    ]);
    expect((await plan([file("1", "select 2")], [entry("1", "failed")])).findings).toEqual([]);
  });

  test("what began and did not end is an error that says how to go on", async () => {
    const [finding, ...others] = (await plan([file("o'clock")], [entry("o'clock", "running")])).findings;
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ severity: "error", migration: "o'clock" });
    expect(finding?.message).toContain("2026-01-02T03:04:05.678Z (7@host)");
    expect(finding?.hint).toContain(`update "fairlead".migrations set state = 'failed' where application = 'shop' and id = 'o''clock'`);
  });

  test("what comes before something applied runs with a warning, unless it contracts", async () => {
    const files = [file("1"), file("2"), file("3", "-- fairlead: contract\nselect 3"), file("4")];
    const { findings } = await plan(files, [entry("2"), entry("4")]);
    expect(findings).toMatchObject([{ severity: "warning", migration: "1", message: expect.stringContaining("comes before 4") }]);
  });

  test("a problem of a file is named with its line", async () => {
    expect((await plan([file("1", "-- x\n-- fairlead: contrct")])).findings).toEqual([
      {
        severity: "error",
        migration: "1",
        message: 'migrations/1.sql:2: "contrct" is no directive.',
        hint: expect.stringContaining("contract"),
      },
    ]);
  });

  test("what the code before may not survive stops a plan while it is pending, unless the file says so", async () => {
    const files = [file("1", "alter table a drop column b"), file("2", "-- fairlead: contract\nalter table a drop column c")];
    expect((await plan(files)).findings).toMatchObject([
      { severity: "error", migration: "1", message: expect.stringContaining("migrations/1.sql:1: drops a.b.") as string },
    ]);
    expect((await plan(files, [entry("1", "applied", files[0]?.checksum)])).findings).toEqual([]);
  });

  test("what breaks the code before is refused with the steps that lead to the same end", async () => {
    const renamed = (await plan([file("1", "alter table a rename b to c")])).findings;
    expect(renamed).toMatchObject([
      { severity: "error", hint: expect.stringMatching(/^In two steps: .*expand.*backfill.*contract/) as string },
    ]);
    const required = (await plan([file("1", "alter table a add b int not null")])).findings;
    expect(required).toMatchObject([
      { severity: "error", hint: expect.stringMatching(/^In two steps: give it a default.*contract/) as string },
    ]);
  });

  test("a plan is never code-only for what breaks the code before, nor for what nobody can read", async () => {
    for (const [text, expected] of [
      ["alter table a rename b to c", "needs-down"],
      ["alter table a drop b", "irreversible"],
      ["selec 1", "needs-down"],
    ] as const) {
      expect(await plan([file("1", text)])).toMatchObject({ compatibility: expected, pending: [{ compatibility: expected }] });
    }
  });

  test("an application under a new name does not apply everything again", async () => {
    const others = [{ application: "store", id: "1" }];
    expect((await plan([file("1")], [], others)).findings).toMatchObject([
      { severity: "error", message: expect.stringContaining('"store"') },
    ]);
    expect((await plan([file("2")], [], others)).findings).toEqual([]);
  });
});
