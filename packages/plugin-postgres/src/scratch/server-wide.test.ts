import { expect, test } from "vitest";
import { findServerWide } from "./server-wide.js";

test.for([
  "create role reporting",
  "CREATE\n  USER ada",
  "alter user ada set search_path = a",
  "alter system set work_mem = '1GB'",
  "drop database other",
  "create subscription s connection 'host=x' publication p",
  "do $$ begin execute 'create role x'; end $$",
  "comment on database shop is 'x'",
  "grant admin to ada",
  "revoke admin from ada",
  "grant connect on database shop to ada",
  "reassign owned by ada to bob",
  "copy a to program 'rm x'",
  "select pg_create_logical_replication_slot('s', 'pgoutput')",
  "create extension pg_cron",
  "create server other foreign data wrapper postgres_fdw",
  "alter server other options (set host 'x')",
  "create foreign table f (n int) server other",
  "import foreign schema public from server other into here",
  "copy a to '/srv/a.csv'",
  "copy (select n from a) to '/srv/a.csv' csv",
  "select dblink_exec('host=x', 'delete from a')",
  "select * from http_post('http://x', '{}')",
  "select net.http_get('http://x')",
  "select ' -- ', $$ -- $$; create role reporting",
  "select E'\\' -- '; create role reporting",
  "/* /* */ create role reporting /* */ */",
])("%s may reach beyond its database", (text) => {
  expect(findServerWide(`create table a ();\n${text};`)).toBeTypeOf("string");
});

test.for([
  "create table users (role text, system text, grants text)",
  "create user mapping for ada server s",
  "grant select on all tables in schema public to ada",
  "alter default privileges for role ada in schema public grant select on tables to bob",
  "alter table a owner to ada",
  "create index concurrently on a (b)",
  "comment on table a is 'x'",
  "copy a to stdout",
  "copy a from stdin",
  "update a set role = 'x' where id in (select id from b)",
  "select 1 -- create role reporting",
  "/* revoke admin from ada */ select 1",
])("%s does not", (text) => {
  expect(findServerWide(text)).toBeUndefined();
});
