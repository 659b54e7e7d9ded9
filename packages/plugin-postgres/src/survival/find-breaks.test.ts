import { describe, expect, test } from "vitest";
import { parseMigration } from "../folder/migration-file.js";
import { findBreaks } from "./find-breaks.js";

function file(text: string, id = "1") {
  return parseMigration(id, `migrations/${id}.sql`, Buffer.from(text));
}

async function breaksIn(...texts: readonly string[]): Promise<readonly string[]> {
  const { findings } = await findBreaks(texts.map((text, index) => file(text, String(index + 1))));
  return findings.map(({ message }) => message.replace(/^migrations\//, "").replace(/\. The code before.*$/, ""));
}

describe("the code before may not survive", () => {
  test.for([
    ["drop table a, audit.b", ["drops the table a", "drops the table audit.b"]],
    ["drop view if exists public.v cascade", ["drops the view v"]],
    ["drop materialized view v", ["drops the view v"]],
    ["drop type t", ["drops the type t"]],
    ["drop domain d", ["drops the type d"]],
    ["drop function f(int)", ["drops the function f"]],
    ["drop sequence s", ["drops the sequence s"]],
    ["drop schema s", ["drops the schema s"]],
    ["drop extension pgcrypto", ["drops the extension pgcrypto"]],
    ["drop owned by somebody", ["drops whatever a role owns"]],
    ["alter table a drop column b, drop if exists c", ["drops a.b", "drops a.c"]],
    ["alter type t drop attribute b", ["drops t.b"]],
    ["alter table a rename to b", ["renames the table a"]],
    ["alter table a rename b to c", ["renames a.b"]],
    ["alter view v rename column b to c", ["renames v.b"]],
    ["alter type t rename to u", ["renames the type t"]],
    ["alter function f(int) rename to g", ["renames the function f"]],
    ["alter table a rename constraint b to c", ["renames the constraint b of a"]],
    ["alter type t rename value 'x' to 'y'", ["renames a value of t"]],
    ["alter table a set schema s", ["moves a to the schema s"]],
    ["alter table a alter b type bigint", ["changes the type of a.b"]],
    ["alter table a alter b set not null", ["requires a value in a.b"]],
    ["alter table a alter b drop default", ["drops the default of a.b"]],
    ["alter table a alter b drop identity", ["no longer fills a.b"]],
    ["alter table a alter b add generated always as identity", ["fills a.b by itself"]],
    ["alter table a add b int not null", ["adds a.b, which requires a value and has no default"]],
    ["alter table a add b uuid primary key", ["adds a.b, which requires a value and has no default"]],
    ["alter table a add b serial", ["fills a.b from a sequence that other roles may not use yet"]],
    ["create trigger t after insert on a for each row execute function f()", ["changes what happens at writes to a"]],
    ["drop trigger t on a", ["changes what happens at writes to a"]],
    ["delete from a", ["deletes rows of a"]],
    ["alter sequence s restart", ["changes the numbers of s"]],
    ["alter table a add check (n > 0)", ["adds a check to a"]],
    ["alter table a add constraint positive check (n > 0) not valid", ["adds a check (positive) to a"]],
    ["alter table a add foreign key (b) references b not valid", ["adds a foreign key to a"]],
    ["alter table a add unique (b)", ["adds a unique constraint to a"]],
    ["alter table a add constraint u unique using index i", ["adds a unique constraint (u) to a"]],
    ["alter table a add exclude using gist (b with &&)", ["adds an exclusion constraint to a"]],
    ["create unique index concurrently i on a (b)", ["adds a unique index to a"]],
    ["create unique index i on a (lower(b))", ["adds a unique index to a"]],
    ["alter table a enable row level security", ["hides rows of a by row level security"]],
    ["alter table a detach partition b", ["takes a partition out of a"]],
    ["alter domain d add check (value > 0)", ["restricts d"]],
    ["alter domain d set not null", ["restricts d"]],
    ["truncate a", ["empties a"]],
    ["revoke select on a from reader", ["revokes a privilege"]],
    ["revoke readers from reader", ["revokes a role"]],
    ["do $$ begin if true then alter table a drop column b; end if; end $$", ["drops a.b"]],
    ["do $$ begin execute 'drop table ' || quote_ident('a'); end $$", ["runs statements that cannot be known before"]],
    ["with gone as (delete from a returning *) select * from gone", ["deletes rows of a"]],
    ["create table kept as with gone as (delete from a returning *) select * from gone", ["deletes rows of a"]],
    ["explain analyze delete from a", ["deletes rows of a"]],
    ["prepare p as delete from a; execute p", ["deletes rows of a"]],
    ["copy (delete from a returning *) to stdout", ["deletes rows of a"]],
    ["merge into a using b on a.id = b.id when matched then delete", ["deletes rows of a"]],
    ["do $$ declare r record; begin for r in delete from a returning * loop null; end loop; end $$", ["deletes rows of a"]],
    ["do $$ begin perform f(); end $$", ["calls f, of which is not known what it does"]],
    ["do $$ declare n int := f(); begin n := 2; end $$", ["calls f, of which is not known what it does"]],
    ["do $$ declare n int; begin n := f(); if n > 1 then null; end if; end $$", ["calls f, of which is not known what it does"]],
    ["do $$ declare c refcursor; begin open c for execute 'delete from a'; end $$", ["runs statements that cannot be known before"]],
    ["select other.lower('x')", ["calls other.lower, of which is not known what it does"]],
    ["select query_to_xml('delete from a', true, true, '')", ["calls query_to_xml, of which is not known what it does"]],
    ["select f()", ["calls f, of which is not known what it does"]],
    ["call p()", ["calls p, of which is not known what it does"]],
    ["insert into a select f(n) from b", ["calls f, of which is not known what it does"]],
    ["drop text search configuration c", ["drops c"]],
    ["drop publication p", ["drops p"]],
    ["alter text search configuration c rename to d", ["renames something of c"]],
    ["alter index i rename to j", ["renames the index i"]],
    [
      "alter table a replica identity nothing",
      ["takes the replica identity from a, whose rows cannot be changed then where it is published"],
    ],
    ["create publication p for all tables", ["publishes tables, whose rows cannot be changed then without a replica identity"]],
    ["refresh materialized view v with no data", ["empties the view v"]],
    ["alter extension e update", ["does what is not known to be harmless (AlterExtension)"]],
    ["reassign owned by ada to bob", ["does what is not known to be harmless (ReassignOwned)"]],
    ["alter default privileges revoke select on tables from reader", ["revokes a privilege"]],
    ["do language plperl 'x'", ["runs statements that cannot be known before"]],
  ] as const)("%s", async ([text, expected]) => {
    expect(await breaksIn(text)).toEqual(expected.map((what) => `1.sql:1: ${what}`));
  });
});

describe("the code before survives", () => {
  test.for([
    "create table b (id int primary key, a int references a)",
    "alter table a add b int, add c text default 'x' not null, add e int generated always as identity",
    "alter table a alter b drop not null, alter b set default 1, validate constraint c",
    "alter type t add value 'z'",
    "create index concurrently i on a (b)",
    "drop index concurrently i",
    "create or replace view v as select 1",
    "comment on table a is 'drop table a'",
    "update a set b = 'alter table a drop column b'",
    "grant select on a to reader",
    "create function f() returns void language plpgsql as $$ begin drop table a; end $$",
    "do $$ begin create type t as enum ('x'); exception when duplicate_object then null; end $$",
    "select count(*), max(n), set_config('search_path', 'a', true), nextval('s') from a",
    "insert into a select n, gen_random_uuid() from generate_series(1, 3) n",
    "do $$ declare n int; begin select count(*) into n from a; raise notice '%', upper('x'); if n > 1 then return; end if; n := n + 1; end $$",
    "",
    "-- nothing\n",
  ])("%s", async (text) => {
    expect(await breaksIn(text)).toEqual([]);
  });
});

describe("what the pending migrations made, it does not know", () => {
  test.for([
    ["create table b (n int)", "alter table public.b drop n, add check (true); create unique index on b (n); drop table b"],
    ["create table b (n int); alter table b rename to c", "alter table c drop n"],
    ["create view v as select 1", "drop view v"],
    ["create type t as (n int, m int)", "alter type t drop attribute n; drop type t"],
    ["create type t as enum ('x')", "alter type t rename value 'x' to 'y'; drop type t"],
    ["create function f() returns int language sql as 'select 1'; revoke all on function f() from public", "drop function f()"],
    ["alter table a add b int", "alter table a rename b to c"],
    ["alter table a add b int", "alter table a drop b"],
    ["alter table a add b int default 1", "update a set b = 2; alter table a alter b set not null"],
    ["alter table a add b int, alter b set default 1, alter b set not null"],
    ["alter table a add b int", "alter table a add foreign key (b) references b, add check (b > 0), add unique (b)"],
  ])("%s", async (texts) => {
    expect(await breaksIn(...texts)).toEqual([]);
  });

  test.for([
    [["create table if not exists b (n int)", "alter table b drop n"], ["2.sql:1: drops b.n"]],
    [["create table other.b (n int)", "alter table b drop n"], ["2.sql:1: drops b.n"]],
    [["alter table a add b int", "alter table a alter b set not null"], ["2.sql:1: requires a value in a.b"]],
    [["alter table a add b int", "alter table a add check (b > n)"], ["2.sql:1: adds a check to a"]],
    [["alter table a add b int", "alter table a add primary key (b)"], ["2.sql:1: adds a primary key to a"]],
    [["drop table b", "create table b (n int)"], ["1.sql:1: drops the table b"]],
    [["-- fairlead: backfill\ncreate table b (n int)", "drop table b"], ["2.sql:1: drops the table b"]],
    [["-- fairlead: contract\ncreate table b (n int)", "drop table b"], ["2.sql:1: drops the table b"]],
    [["do $$ begin if false then create table b (n int); end if; end $$", "drop table b"], ["2.sql:1: drops the table b"]],
  ] as const)("and nothing else: %s", async ([texts, expected]) => {
    expect(await breaksIn(...texts)).toEqual(expected);
  });
});

test.for([
  ["create table b (n int)", "set search_path = other; drop table b", ["2.sql:1: drops the table b"]],
  [
    "create table b (n int)",
    "select set_config('search_path', 'other', true); create or replace view v as select 1",
    ["2.sql:1: replaces the view v"],
  ],
  ["create function f() returns int set search_path = '' language sql as 'select 1'", "drop function f()", []],
] as const)("where a file changes where names lead, nothing is known of them: %s; %s", async ([first, second, expected]) => {
  expect(await breaksIn(first, second)).toEqual(expected);
});

test("a finding names file, line and what to do, and no value", async () => {
  const text = "-- fairlead: expand\nselect 'ä';\n\n/* now */\nalter table a\n  drop column b,\n  add c text default 'secret' not null;";
  expect((await findBreaks([file(text)])).findings).toEqual([
    {
      severity: "error",
      migration: "1",
      message: "migrations/1.sql:5: drops a.b. The code before may not survive that, and the file does not say that it does.",
      hint: expect.stringMatching(/`-- fairlead: contract`.*`needs-down` or `irreversible`.*`code-only`/) as string,
    },
  ]);
});

test.for(["contract", "needs-down", "irreversible", "code-only", "expand, code-only", "backfill, needs-down"])(
  "what says %s is somebody's decision",
  async (directive) => {
    expect((await findBreaks([file(`-- fairlead: ${directive}\ndrop table a`)])).findings).toEqual([]);
  },
);

test("what a decided file makes is known behind it", async () => {
  expect(await breaksIn("-- fairlead: needs-down\ncreate table b (n int); drop table a", "drop table b")).toEqual([]);
});

test("what cannot be read is not known, and no error: the trial says what is wrong with it", async () => {
  expect((await findBreaks([file("selec 1")])).findings).toMatchObject([{ severity: "warning", migration: "1" }]);
  expect((await findBreaks([file("-- fairlead: code-only\nselec 1")])).findings).toEqual([]);
});
