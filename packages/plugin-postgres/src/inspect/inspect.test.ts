import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { lintFolder, toAnnotations, toSarif, toText, type Inspection } from "./index.js";

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function lint(
  files: Readonly<Record<string, string>>,
): Promise<{ readonly folder: string; readonly inspections: readonly Inspection[] }> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-lint-"));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return { folder, inspections: await lintFolder({ folder }) };
}

async function rulesIn(...texts: readonly string[]): Promise<readonly string[]> {
  const { inspections } = await lint(Object.fromEntries(texts.map((text, index) => [`${String(index + 1)}.sql`, text])));
  return inspections.flatMap(({ findings }) => findings.map(({ rule, line, column }) => `${rule} ${String(line)}:${String(column)}`));
}

const orders = "create table orders (id bigint primary key, sku text)";

describe("the phase", () => {
  test.for([
    ["alter table orders add note text", "expand", []],
    ["create index concurrently orders_sku on orders (sku)", "expand", []],
    ["alter table orders drop column sku", "contract", []],
    ["alter table orders rename sku to code", "contract", []],
    ["alter table orders alter sku set not null", "contract", []],
    ["alter table orders alter sku type int using sku::int; update orders set sku = 1", "contract", []],
    ["update orders set sku = 'tea' where sku is null", "backfill", ["phase-undeclared note"]],
    ["create temp table old as select * from orders; update orders set sku = 'tea'; select 1", "backfill", ["phase-undeclared note"]],
    ["select * into temp old from orders; update orders set sku = 'tea'", "backfill", ["phase-undeclared note"]],
    ["select * into kept from orders; update orders set sku = 'tea'", "expand", []],
    ["insert into orders values (1, 'tea')", "expand", []],
    ["alter table orders add note text; update orders set note = ''", "expand", []],
    ["-- fairlead: backfill\nupdate orders set sku = 'tea'", "backfill", []],
    ["-- fairlead: expand\nupdate orders set sku = 'tea'", "backfill", []],
    ["-- fairlead: backfill\nalter table orders add note text; update orders set note = ''", "expand", ["phase-contradicted warning"]],
    ["-- fairlead: contract\ncreate table invoices (id bigint primary key)", "expand", ["phase-contradicted warning"]],
    ["-- fairlead: contract\nalter table orders add note text", "expand", ["phase-contradicted warning"]],
    ["-- fairlead: contract\nselect * into kept from orders", "expand", ["phase-contradicted warning"]],
    ["-- fairlead: backfill\nselect * into kept from orders", "expand", ["phase-contradicted warning"]],
    ["-- fairlead: contract, code-only\nalter table orders add note text", "expand", []],
    ["-- fairlead: contract\ndrop index orders_sku", "contract", []],
    ["-- fairlead: contract\nalter table orders drop column sku; alter table orders add code text", "contract", []],
  ] as const)("%j", async ([text, inferred, said]) => {
    const { inspections } = await lint({ "1.sql": orders, "2.sql": text });
    const findings = (inspections[1]?.findings ?? []).filter(({ rule }) => rule.startsWith("phase-"));
    expect({ inferred: inspections[1]?.inferred, said: findings.map(({ rule, severity }) => `${rule} ${severity}`) }).toEqual({
      inferred,
      said,
    });
  });

  test("whether it was declared stands in the text, and what the statements do where nothing is", async () => {
    const { inspections } = await lint({
      "1.sql": orders,
      "2.sql": "-- fairlead: contract\nalter table orders drop column sku",
      "3.sql": "alter table orders drop column id",
      "4.sql": "selec",
    });
    const heads = toText(inspections)
      .split("\n")
      .flatMap((line) => /\d\.sql: (.+?), in a transaction/.exec(line)?.[1] ?? []);
    expect(heads).toEqual([
      "expand (inferred)",
      "contract (declared)",
      "expand (nothing declared; its statements are of contract)",
      "expand (nothing declared)",
    ]);
    expect(inspections.map(({ declared }) => declared)).toEqual([false, true, false, false]);
  });
});

describe("what is said", () => {
  test("locks, rewrites and findings stand with their statements; earlier files are known", async () => {
    const { folder, inspections } = await lint({
      "1.sql": orders,
      "2.sql": "/* ü */ select 1;\nalter table orders add token uuid default gen_random_uuid();",
    });
    expect(inspections[0]).toMatchObject({ id: "1", findings: [], statements: [{ locks: [] }] });
    expect(inspections[1]).toMatchObject({
      path: join(folder, "2.sql"),
      phase: "expand",
      transaction: true,
      statements: [
        { line: 1 },
        { line: 2, locks: [{ relation: "orders", mode: "AccessExclusive", blocks: "reading and writing" }], rewrites: ["orders"] },
      ],
      findings: [{ rule: "adding-field-with-default", severity: "warning", line: 2 }],
    });
  });

  test("places count characters, also behind others than ASCII", async () => {
    expect(await rulesIn(orders, "/* 🦊ü */ alter table orders add check (sku <> '') not valid")).toEqual(["unnamed-constraint 1:33"]);
  });

  test("nothing about a table that the same file made", async () => {
    expect(
      await rulesIn(
        `${orders}; create index orders_sku on orders (sku); alter table orders rename to purchases; create index again on purchases (sku)`,
      ),
    ).toEqual([]);
  });

  test("of what is meant to break the release before, only how long it takes", async () => {
    expect(await rulesIn(orders, "-- fairlead: contract\nalter table orders drop column sku")).toEqual([]);
  });

  test("a file that cannot be read is not known, and says where", async () => {
    const { inspections } = await lint({ "1.sql": "select 1;\nselec 2" });
    expect(inspections).toMatchObject([
      { compatibility: "unknown", statements: [], findings: [{ rule: "cannot-be-read", line: 2, column: 1 }] },
    ]);
  });

  test("whether the release before can be put back, of each file behind those before it", async () => {
    const { inspections } = await lint({
      "1.sql": orders,
      "2.sql": "alter table orders add note text",
      "3.sql": "alter table orders rename note to remark",
      "4.sql": "alter table orders drop column remark",
      "5.sql": "-- fairlead: contract, needs-down\nalter table orders drop column sku",
    });
    expect(inspections.map(({ compatibility }) => compatibility)).toEqual([
      "code-only",
      "code-only",
      "needs-down",
      "irreversible",
      "needs-down",
    ]);
  });

  test("what is wrong with a file itself", async () => {
    expect(await rulesIn("-- x\n-- fairlead: contrct\nselect 1")).toEqual(["file-problem 2:1"]);
  });

  test("no value of a statement is in its summary", async () => {
    const { inspections } = await lint({ "1.sql": "insert into people values ('Ada', $$Lovelace$$) -- 'x'" });
    expect(inspections[0]?.statements[0]?.summary).toBe("insert into people values ('…', $…$)");
  });
});

describe("comments that keep rules silent", () => {
  const index = "create index orders_sku on orders (sku)";
  test.for([
    [`-- fairlead-ignore require-concurrent-index-creation: it is empty\n${index}`, []],
    [`-- squawk-ignore require-concurrent-index-creation\n${index}`, []],
    [`-- squawk-ignore-file\nselect 1; ${index}`, []],
    [
      `-- fairlead-ignore require-concurrent-index-creation\n${index}`,
      ["require-concurrent-index-creation 2:1", "ignore-without-reason 1:1"],
    ],
    [`-- fairlead-ignore ban-drop-table: x\n${index}`, ["require-concurrent-index-creation 2:1", "unused-ignore 1:1"]],
    [
      `-- fairlead-ignore require-concurrent-index-creation: x\nselect 1; ${index}`,
      ["require-concurrent-index-creation 2:11", "unused-ignore 1:1"],
    ],
  ] as const)("%s", async ([text, expected]) => {
    expect(await rulesIn(orders, text)).toEqual(expected);
  });
});

describe("how it is said", () => {
  const files = { "1.sql": orders, "2.sql": "create index orders_sku on orders (sku)" };

  test("for people", async () => {
    const { folder, inspections } = await lint(files);
    const text = toText(inspections);
    expect(text).toContain(`${join(folder, "2.sql")}: expand (inferred), in a transaction; the release before can be put back`);
    expect(text).toContain("Share on orders: others wait for writing");
    expect(text).toContain("warning at 1:1: builds an index on orders while nobody can write there (require-concurrent-index-creation)");
  });

  test("as SARIF", async () => {
    const { folder, inspections } = await lint(files);
    expect(toSarif(inspections)).toMatchObject({
      version: "2.1.0",
      runs: [
        {
          tool: { driver: { rules: [{ id: "require-concurrent-index-creation" }] } },
          results: [
            {
              ruleId: "require-concurrent-index-creation",
              level: "warning",
              locations: [
                { physicalLocation: { artifactLocation: { uri: join(folder, "2.sql") }, region: { startLine: 1, startColumn: 1 } } },
              ],
            },
          ],
        },
      ],
    });
  });

  test("as annotations of GitHub", () => {
    const finding = {
      rule: "a-rule",
      severity: "note",
      path: "x,y:z.sql",
      line: 3,
      column: 7,
      message: "100 %\nof it",
      why: "So.",
      recipe: "Do.",
    } as const;
    const inspection: Inspection = {
      id: "1",
      path: "x,y:z.sql",
      phase: "expand",
      declared: false,
      inferred: "expand",
      transaction: true,
      compatibility: "code-only",
      statements: [],
      findings: [finding],
    };
    expect(toAnnotations([inspection])).toBe("::notice file=x%2Cy%3Az.sql,line=3,col=7,title=a-rule::100 %25%0Aof it. So. Do.");
  });
});
