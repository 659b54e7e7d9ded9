// How long it takes to lint a folder of migrations, in a process of its own (cold, with the parser to load).
// Build first: npm run build && node bench/lint.mjs [files] [rounds]
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const files = Number(process.argv[2] ?? 2_000);
const rounds = Number(process.argv[3] ?? 5);

/** Five statements a file, as they stand in folders that have grown: 500 tables, and what was done to them since. */
const kinds = [
  (
    table,
  ) => `create table ${table} (id bigint generated always as identity primary key, sku text not null, total numeric(10, 2) not null default 0, at timestamptz not null default now());
create index ${table}_sku on ${table} (sku);
alter table ${table} add constraint ${table}_total check (total >= 0);
comment on table ${table} is 'what was ordered';
insert into ${table} (sku) values ('tea'), ('cups'), ('teapot');`,
  (table) => `alter table ${table} add column note text;
alter table ${table} add column paid boolean not null default false;
create index concurrently if not exists ${table}_note on ${table} (note);
update ${table} set note = '' where note is null;
alter table ${table} alter column note set not null;`,
  (table) => `create view ${table}_totals as select sku, sum(total) as total from ${table} group by sku;
create function ${table}_touch() returns trigger language plpgsql as $$ begin new.at := now(); return new; end $$;
create trigger ${table}_touch before update on ${table} for each row execute function ${table}_touch();
grant select on ${table} to public;
alter table ${table} alter column total type numeric(12, 2);`,
  (table) => `alter table ${table} add constraint ${table}_self foreign key (id) references ${table} not valid;
alter table ${table} validate constraint ${table}_self;
do $$ begin if true then perform 1; end if; end $$;
alter table ${table} drop column note;
alter table ${table} rename column paid to settled;`,
];

const folder = mkdtempSync(join(tmpdir(), "fairlead-bench-lint-"));
for (let index = 0; index < files; index += 1) {
  const kind = Math.floor((index * kinds.length) / files);
  const table = `orders_${index % Math.ceil(files / kinds.length)}`;
  writeFileSync(join(folder, `${String(index + 1).padStart(5, "0")}.sql`), kinds[kind](table));
}

const entry = new URL("../packages/plugin-postgres/dist/lint.js", import.meta.url).href;
const program = `
  const began = process.hrtime.bigint();
  const { lintFolder } = await import(${JSON.stringify(entry)});
  const inspections = await lintFolder({ folder: ${JSON.stringify(folder)} });
  const statements = inspections.reduce((sum, one) => sum + one.statements.length, 0);
  const findings = inspections.reduce((sum, one) => sum + one.findings.length, 0);
  console.log(JSON.stringify({ took: Number(process.hrtime.bigint() - began) / 1e6, statements, findings }));`;

const runs = [];
for (let round = 0; round < rounds; round += 1) {
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "--eval", program], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  runs.push(JSON.parse(stdout));
}
rmSync(folder, { recursive: true, force: true });

const times = runs.map(({ took }) => took).sort((one, other) => one - other);
const milliseconds = (value) => `${value.toFixed(0)} ms`;
console.log(`${files} files, ${runs[0].statements} statements, ${runs[0].findings} findings; ${rounds} cold runs`);
console.log(`median ${milliseconds(times[Math.floor(times.length / 2)])}, ${milliseconds(times[0])} to ${milliseconds(times.at(-1))}`);
