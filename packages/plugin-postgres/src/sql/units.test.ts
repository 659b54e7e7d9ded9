import { expect, test } from "vitest";
import { loadParser } from "./parser.js";
import { endsTransaction } from "./units.js";

test.for([
  ["commit", true],
  ["create table a (); end; create table b ()", true],
  ["abort", true],
  ["rollback and chain", true],
  ["prepare transaction 'x'", true],
  ["commit prepared 'x'", true],
  ["savepoint s; rollback to s; release s", false],
  ["do $$ begin commit; end $$", false],
  ["create index concurrently on a (n)", false],
  ["select 'commit'", false],
] as const)("%s ends the transaction that it runs in: %s", async ([text, ends]) => {
  const script = (await loadParser()).read(text);
  expect("problem" in script || endsTransaction(script)).toBe(ends);
});
