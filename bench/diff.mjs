// Which pairs of schemas are led from one to the other by the SQL of `migrations diff`, of @supabase/pg-delta as it is and of @pgkit/migra, and how long each takes to write it: over pairs of schemas of all kinds of objects, and over
// the changes of which the folders of the layouts are made, each from those before it. The SQL runs on a database of its own, and its schema is held against the wanted one. @pgkit/migra is not among our dependencies (46 MB): it takes
// part where a folder is named that has it. Run after `npm run build`: npm install --prefix /tmp/migra @pgkit/migra@0.6.1 && node bench/diff.mjs [/tmp/migra]
import { createRequire } from "node:module";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { extract } from "@supabase/pg-delta/extract";
import { plan } from "@supabase/pg-delta/plan";
import pg from "pg";
import { createMigrations } from "../packages/plugin-postgres/dist/index.js";
import { schemaPairs } from "../packages/plugin-postgres/test/diff/schema-pairs.ts";
import { changes } from "../packages/plugin-postgres/test/layouts/changes.ts";
import { openStorage } from "./storage.mjs";

const [, , home] = process.argv;
const storage = await openStorage("postgres");
const empty = await mkdtemp(join(tmpdir(), "fairlead-bench-diff-"));

async function withPool(url, work) {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

const diffOf = (from, to) => createMigrations({ url: from, migrations: empty, application: "shop" }).diff({ from: "database", to });

const fairlead = {
  name: "migrations diff",
  async write(from, to) {
    const { statements, proof } = await diffOf(from, to);
    return { statements: statements.map(({ sql }) => sql), said: proof === "wrong" };
  },
};

const delta = {
  name: "@supabase/pg-delta",
  async write(from, to) {
    const [one, other] = [await withPool(from, extract), await withPool(to, extract)];
    const { preamble, actions } = plan(one.factBase, other.factBase, { scope: "database" });
    return { statements: [...preamble.map(({ name, value }) => `set ${name} = ${value}`), ...actions.map(({ sql }) => sql)] };
  },
};

function migraIn(folder) {
  const { run } = createRequire(resolve(folder, "package.json"))("@pgkit/migra");
  return {
    name: "@pgkit/migra",
    async write(from, to) {
      const { statements } = await run(from, to, { unsafe: true });
      return { statements: [...statements] };
    },
  };
}

const engines = [fairlead, delta, ...(home === undefined ? [] : [migraIn(home)])];

// Rows that have a value which an enum loses would keep it from being lost.
const upTo = (count) => changes.slice(0, count).flatMap(({ up }) => up.filter((one) => !one.startsWith("insert")));
const cases = [
  ...schemaPairs.map(({ name, from, to }) => ({ name, from: [from], to: [to] })),
  ...changes.map(({ name }, index) => ({ name: `change ${String(index + 1)}, ${name}`, from: upTo(index), to: upTo(index + 1) })),
];

async function run(url, statements) {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    for (const sql of statements.filter((one) => one !== "")) await client.query(sql);
  } finally {
    await client.end();
  }
}

async function made(statements) {
  const url = await storage.createDatabase();
  await run(url, statements);
  return url;
}

const found = new Map(engines.map(({ name }) => [name, { right: 0, times: [], wrong: [] }]));
for (const { name, from, to } of cases) {
  const wanted = await made(to);
  for (const engine of engines) {
    const url = await made(from);
    const result = found.get(engine.name);
    const begun = performance.now();
    try {
      const { statements, said = false } = await engine.write(url, wanted);
      result.times.push(performance.now() - begun);
      await run(url, statements);
      const left = await diffOf(url, wanted);
      if (left.statements.length === 0 && left.proof === "proved") result.right += 1;
      else result.wrong.push(`${name}: something differs still${said ? ", and it says so" : ""}`);
    } catch (error) {
      result.wrong.push(`${name}: ${String(error.message).split("\n")[0]}`);
    }
  }
}
await storage.close();
await rm(empty, { recursive: true });

const median = (values) => [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
console.log(
  `${String(schemaPairs.length)} pairs of schemas and ${String(changes.length)} changes: where the SQL leads to what was wanted, and the median of writing it`,
);
for (const [name, { right, times }] of found)
  console.log(`${name.padEnd(22)}${String(right).padStart(3)} of ${String(cases.length)}  ${median(times).toFixed(0)} ms`);
for (const [name, { wrong }] of found) for (const one of wrong) console.log(`${name}: ${one}`);
