import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { toDatabase } from "./database.js";
import { isBusy, toStoreError } from "./problems.js";

it("says that there is no room when SQLite finds none, and the file stays whole", () => {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-full-"));
  const handle = new DatabaseSync(join(folder, "journal.db"));
  const database = toDatabase(handle);
  database.execute("PRAGMA journal_mode = WAL; CREATE TABLE note (text TEXT); PRAGMA max_page_count = 3");
  const fill = (): void => {
    database.transaction(() => {
      database.run("INSERT INTO note VALUES ('small')");
      database.run("INSERT INTO note VALUES (?)", "x".repeat(100_000));
    });
  };
  let thrown: unknown;
  try {
    fill();
  } catch (error) {
    thrown = error;
  }
  expect(isBusy(thrown)).toBe(false);
  expect(toStoreError("the store", thrown)).toMatchObject({ code: "STORE_FULL", status: 507, retryable: false, cause: thrown });
  database.transaction(() => database.run("INSERT INTO note VALUES ('fits')"));
  expect(database.all("SELECT text FROM note")).toEqual([{ text: "fits" }]);
  database.close();
  rmSync(folder, { recursive: true });
});

it("hands back what it does not know", () => {
  const error = new TypeError("a mistake of ours");
  expect(toStoreError("the store", error)).toBe(error);
});
