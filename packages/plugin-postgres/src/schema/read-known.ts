import type { Session } from "../connection/session.js";
import { newRelation, newSchema, setRelation, type KnownConstraint, type KnownSchema, type RelationKind } from "./known-schema.js";

interface Relation {
  readonly name: string;
  readonly kind: RelationKind;
  readonly rows: number;
  readonly default: boolean;
  readonly parents: readonly string[];
  readonly reads: readonly string[];
  readonly columns: readonly { readonly name: string; readonly type: string; readonly required: boolean }[];
  readonly constraints: readonly ({ readonly name: string; readonly filled: string | null; readonly to: string | null } & Omit<
    KnownConstraint,
    "filled" | "to"
  >)[];
  readonly indexes: readonly { readonly name: string; readonly unique: boolean; readonly columns: readonly string[] }[];
}

interface Answer {
  readonly version: number;
  readonly relations: readonly Relation[];
  readonly routines: readonly string[];
  readonly domains: readonly { readonly name: string; readonly base: string; readonly constrained: boolean }[];
}

/** A name as it is known: without its schema where that is `public`. */
function nameOf(schema: string, name: string): string {
  return `case ${schema} when 'public' then '' else ${schema} || '.' end || ${name}`;
}

const relationName = (oid: string): string =>
  `(select ${nameOf("n.nspname", "c.relname")} from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = ${oid})`;

/** `int4`, `varchar(20)`, `text[]`. */
const typeName = (type: string, modifier: string): string => `(
  select case when n.nspname in ('pg_catalog', 'public') then '' else n.nspname || '.' end || coalesce(e.typname, named.typname)
    || coalesce(replace(substring(format_type(${type}, ${modifier}) from '\\([^)]*\\)'), ' ', ''), '') || case when e.oid is null then '' else '[]' end
  from pg_type named left join pg_type e on e.oid = named.typelem and named.typcategory = 'A' join pg_namespace n on n.oid = named.typnamespace where named.oid = ${type})`;

const columnNames = (relation: string, numbers: string): string =>
  `(select coalesce(json_agg(coalesce(a.attname, '') order by k.place), '[]') from unnest(${numbers}) with ordinality k (number, place)
    left join pg_attribute a on a.attrelid = ${relation} and a.attnum = k.number and k.number > 0)`;

const relationsQuery = `
  select ${nameOf("n.nspname", "r.relname")} as name, greatest(r.reltuples, 0)::float8 as rows,
    case r.relkind when 'r' then 'table' when 'p' then 'partitioned table' when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence'
      when 'f' then 'foreign table' else 'type' end as kind,
    coalesce(pg_get_expr(r.relpartbound, r.oid) = 'DEFAULT', false) as default,
    (select coalesce(json_agg(${relationName("i.inhparent")}), '[]') from pg_inherits i where i.inhrelid = r.oid) as parents,
    (select coalesce(json_agg(distinct ${relationName("d.refobjid")}), '[]') from pg_rewrite w join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
      where w.ev_class = r.oid and r.relkind in ('v', 'm') and d.refclassid = 'pg_class'::regclass and d.refobjid <> r.oid) as reads,
    (select coalesce(json_agg(json_build_object('name', a.attname, 'type', ${typeName("a.atttypid", "a.atttypmod")}, 'required', a.attnotnull) order by a.attnum), '[]')
      from pg_attribute a where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped) as columns,
    (select coalesce(json_agg(json_build_object('name', o.conname, 'valid', o.convalidated,
        'kind', case o.contype when 'p' then 'primary key' when 'u' then 'unique' when 'f' then 'foreign key' when 'x' then 'exclusion' when 'n' then 'not null' else 'check' end,
        'columns', ${columnNames("r.oid", "o.conkey")}, 'to', case when o.contype = 'f' then ${relationName("o.confrelid")} end,
        'filled', substring(pg_get_constraintdef(o.oid) from '^CHECK \\(\\(([a-z_][a-z0-9_]*) IS NOT NULL\\)\\)'))), '[]')
      from pg_constraint o where o.conrelid = r.oid and o.contype in ('p', 'u', 'f', 'x', 'c', 'n') and not (o.contype = 'f' and o.conparentid <> 0)) as constraints,
    (select coalesce(json_agg(json_build_object('name', ${nameOf("m.nspname", "x.relname")}, 'unique', y.indisunique, 'columns', ${columnNames("r.oid", "y.indkey::int2[]")})), '[]')
      from pg_index y join pg_class x on x.oid = y.indexrelid join pg_namespace m on m.oid = x.relnamespace where y.indrelid = r.oid) as indexes
  from pg_class r join pg_namespace n on n.oid = r.relnamespace
  where r.relkind in ('r', 'p', 'v', 'm', 'S', 'f', 'c') and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'
  order by 1`;

const query = `select current_setting('server_version_num')::int as version,
  (select coalesce(json_agg(one), '[]') from (${relationsQuery}) one) as relations,
  (select coalesce(json_agg(json_build_object('name', ${nameOf("s.nspname", "t.typname")}, 'base', ${typeName("t.typbasetype", "t.typtypmod")},
      'constrained', t.typnotnull or exists (select from pg_constraint o where o.contypid = t.oid))), '[]')
    from pg_type t join pg_namespace s on s.oid = t.typnamespace where t.typtype = 'd' and s.nspname not in ('pg_catalog', 'information_schema')) as domains,
  (select coalesce(json_agg(distinct ${nameOf("s.nspname", "p.proname")}), '[]') from pg_proc p join pg_namespace s on s.oid = p.pronamespace
    where s.nspname not in ('pg_catalog', 'information_schema')) as routines`;

/** The first schema in which names without one are looked for, and whether others than it and `public` are asked, or both have something of the same name. */
const pathQuery = `select (current_schemas(false))[1] as first, exists (
    select from unnest(current_schemas(false)) with ordinality one (name, place) where place > 1 and not (name = 'public' and place = 2)) or exists (
    select from pg_class a join pg_class b using (relname) where a.relnamespace = to_regnamespace('public')
      and b.relnamespace <> a.relnamespace and b.relnamespace = (select oid from pg_namespace where nspname = (current_schemas(false))[1])) as unclear`;

/** Reads what a database holds, and how much of it, in two queries. Names are known as statements write them: of the schema to which the `search_path` leads, with it and without. Changes nothing. */
export async function readKnownSchema(session: Pick<Session, "ask">): Promise<KnownSchema> {
  const [answer] = await session.ask<Answer & Record<string, unknown>>(query);
  const [path] = await session.ask<{ first: string | null; unclear: boolean }>(pathQuery);
  const schema = newSchema({ complete: path?.unclear !== true, ...(answer === undefined ? {} : { version: answer.version }) });
  for (const one of answer?.relations ?? []) addRelation(schema, one);
  for (const { name, base, constrained } of answer?.domains ?? []) schema.domains.set(name, { base, constrained });
  for (const routine of answer?.routines ?? []) schema.routines.add(routine);
  if (path !== undefined && path.first !== null && path.first !== "public") knowWithout(schema, `${path.first}.`);
  return schema;
}

/** What is in this schema is known without it, too. */
function knowWithout(schema: KnownSchema, prefix: string): void {
  const rest = (name: string): string => name.slice(prefix.length);
  for (const [name, relation] of schema.relations) if (name.startsWith(prefix)) setRelation(schema, rest(name), relation);
  for (const map of [schema.indexes, schema.domains] as readonly Map<string, unknown>[])
    for (const [name, one] of map) if (name.startsWith(prefix)) map.set(rest(name), one);
  for (const name of schema.routines) if (name.startsWith(prefix)) schema.routines.add(rest(name));
}

function addRelation(schema: KnownSchema, { name, kind, rows, reads, ...more }: Relation): void {
  const relation = newRelation(kind, { rows, reads, isDefault: more.default, parents: new Set(more.parents) });
  for (const { name: column, type, required } of more.columns) relation.columns.set(column, { type, required });
  for (const { name: constraint, to, filled, ...known } of more.constraints)
    relation.constraints.set(constraint, { ...known, ...(to === null ? {} : { to }), ...(filled === null ? {} : { filled }) });
  for (const { name: index, unique, columns } of more.indexes) schema.indexes.set(index, { table: name, unique, columns });
  setRelation(schema, name, relation);
}
