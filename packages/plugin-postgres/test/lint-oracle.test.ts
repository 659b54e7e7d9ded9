import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parseMigration } from "../src/folder/migration-file.js";
import { inspectFiles } from "../src/inspect/inspect-files.js";
import { allRules } from "../src/lint/all-rules.js";
import { newSchema } from "../src/schema/known-schema.js";
import { loadParser } from "../src/sql/parser.js";
import { changes } from "./layouts/changes.js";
import { lockStatements, lockStatementsOutside } from "./support/locks/statements.js";

const folder = await mkdtemp(join(tmpdir(), "fairlead-oracle-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What squawk has against files: the names of its rules by file. */
async function askSquawk(files: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const manifest = createRequire(import.meta.url).resolve("squawk-cli/package.json");
  const { bin } = JSON.parse(await readFile(manifest, "utf8")) as { readonly bin: Readonly<Record<string, string>> };
  const program = join(dirname(manifest), bin["squawk"] ?? "");
  const said = await new Promise<string>((resolve) => {
    execFile(process.execPath, [program, "--reporter", "json", ...files], { maxBuffer: 2 ** 26 }, (_, stdout) => {
      resolve(stdout);
    });
  });
  const found = new Map<string, Set<string>>(files.map((file) => [basename(file), new Set()]));
  for (const { file, rule_name } of JSON.parse(said) as { readonly file: string; readonly rule_name: string }[])
    found.get(basename(file))?.add(rule_name);
  return found;
}

/** Squawk's names of our rules. */
function inSquawk(id: string): readonly string[] {
  const rule = allRules.find((one) => one.id === id);
  return (rule?.elsewhere ?? []).flatMap((name) => (name.startsWith("squawk ") ? [name.slice(7)] : []));
}

/** Squawk takes a file for one that runs outside of a transaction, and repack for something that every server has. */
const apart = ["prefer-robust-stmts", "prefer-repack", "ban-uncommitted-transaction"];

/** Where we know more, or mean to say something else. */
const onPurpose: readonly string[] = [
  // Every row is written, whatever the size of the number.
  "adding-field-with-default only here: alter table T add extra bigserial",
  // Worked out once: the server writes nothing.
  "adding-field-with-default only there: alter table T add extra text default lower('X') || md5('y')",
  // Nothing is looked up for a column that is empty.
  "adding-foreign-key-constraint only there: alter table T add extra text references countries",
  // Nobody uses a table that the same file makes.
  "adding-foreign-key-constraint only there: create table reviews",
  "ban-drop-table only there: create table scratch (id bigint); drop table scratch",
  // A check proves it.
  "adding-not-nullable-field only there: alter table orders add constraint sku_there check (sku is not null)",
  // It builds an index under the same lock.
  "constraint-missing-not-valid only here: alter table T add extra int unique",
  // Code asks for views by name too.
  "renaming-column only here: alter view",
  "renaming-table only here: alter view",
  "renaming-table only here: alter materialized view",
  // Every file has a transaction of its own.
  "transaction-nesting only here",
];

test("of what squawk has rules for, the same is said", async () => {
  const texts = [
    ...lockStatements,
    ...lockStatementsOutside.map(({ sql }) => sql),
    ...allRules.flatMap(({ examples }) => [examples.bad, examples.good]),
    ...changes.map(({ up }) => up.join(";\n")),
  ];
  const files = await Promise.all(
    texts.map(async (text, index) => {
      const path = join(folder, `${String(index)}.sql`);
      await writeFile(path, `${text};\n`);
      return path;
    }),
  );
  const theirs = await askSquawk(files);
  const parser = await loadParser();
  const shared = [...new Set(allRules.flatMap(({ id }) => inSquawk(id)))].filter((rule) => !apart.includes(rule));
  let same = 0;
  const differences: string[] = [];
  for (const [index, text] of texts.entries()) {
    const [inspection] = inspectFiles([parseMigration("1", "1.sql", Buffer.from(`${text};\n`))], {
      parser,
      schema: newSchema({ complete: false }),
    });
    const ours = new Set(inspection?.findings.flatMap(({ rule }) => inSquawk(rule)));
    for (const rule of shared) {
      const [here, there] = [ours.has(rule), theirs.get(`${String(index)}.sql`)?.has(rule) === true];
      if (!here && !there) continue;
      if (here === there) same += 1;
      else differences.push(`${rule} ${here ? "only here" : "only there"}: ${text}`);
    }
  }
  const surprising = differences.filter(
    (one) => !onPurpose.some((start) => one.replace(/alter table (?:plain|parted|family|pointed)/, "alter table T").startsWith(start)),
  );
  console.log(
    `${String(texts.length)} files, ${String(shared.length)} rules: ${String(same)} said alike, ${String(differences.length)} not, ${String(surprising.length)} of these not on purpose`,
  );
  expect(surprising).toEqual([]);
  expect(same / (same + differences.length)).toBeGreaterThan(0.9);
});
