const notOfExtension = (table: string, oid: string): string =>
  `not exists (select from pg_depend d where d.classid = '${table}'::regclass and d.objid = ${oid} and d.deptype = 'e')`;

/** In one order: the server keeps them as they were given. */
const options = "(select string_agg(one, ',' order by one) from unnest(reloptions) one)";

/** One for each kind of object: its kind, its name, and how the server writes it. They read from `schemas` and `relations`. */
export const objectQueries: readonly string[] = [
  `select 'schema' as kind, nspname::text as name, '' as definition from schemas where nspname <> 'public'`,

  `select case relkind when 'p' then 'partitioned table' when 'f' then 'foreign table' when 'c' then 'type' else 'table' end, name,
    concat_ws(' ', relpersistence::text, pg_get_partkeydef(oid), pg_get_expr(relpartbound, oid), ${options},
      case when relrowsecurity then 'row security' end, case when relforcerowsecurity then 'forced' end, relreplident::text,
      (select string_agg(inhparent::regclass::text, ',' order by inhseqno) from pg_inherits where inhrelid = relations.oid))
    from relations where relkind in ('r', 'p', 'f', 'c')`,

  `select 'column', r.name || '.' || a.attname,
    concat_ws(' ', format_type(a.atttypid, a.atttypmod), case when a.attnotnull then 'not null' end, nullif(a.attidentity::text, ''), nullif(a.attgenerated::text, ''),
      pg_get_expr(d.adbin, d.adrelid), nullif(a.attcollation, t.typcollation)::regcollation::text)
    from relations r join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped join pg_type t on t.oid = a.atttypid
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum where r.relkind in ('r', 'p', 'f', 'c')`,

  `select 'constraint', r.name || '.' || o.conname, pg_get_constraintdef(o.oid) from relations r join pg_constraint o on o.conrelid = r.oid where o.contype <> 'n'`,

  `select 'index', r.name, concat_ws(' ', pg_get_indexdef(r.oid), case when not i.indisvalid then 'invalid' end)
    from relations r join pg_index i on i.indexrelid = r.oid where not exists (select from pg_constraint o where o.conindid = r.oid and o.contype in ('p', 'u', 'x'))`,

  `select case relkind when 'v' then 'view' else 'materialized view' end, name, concat_ws(' ', ${options}, pg_get_viewdef(oid))
    from relations where relkind in ('v', 'm')`,

  `select 'sequence', r.name, concat_ws(' ', format_type(q.seqtypid, null), q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcache, q.seqcycle)
    from relations r join pg_sequence q on q.seqrelid = r.oid`,

  `select 'function', s.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
    case when p.prokind in ('f', 'p') then pg_get_functiondef(p.oid) else p.prokind::text end
    from pg_proc p join schemas s on s.oid = p.pronamespace where ${notOfExtension("pg_proc", "p.oid")}`,

  `select 'trigger', r.name || '.' || g.tgname, pg_get_triggerdef(g.oid) || ' ' || g.tgenabled::text from relations r join pg_trigger g on g.tgrelid = r.oid where not g.tgisinternal`,

  `select 'rule', r.name || '.' || w.rulename, pg_get_ruledef(w.oid) || ' ' || w.ev_enabled::text from relations r join pg_rewrite w on w.ev_class = r.oid where w.rulename <> '_RETURN'`,

  `select 'policy', r.name || '.' || y.polname, concat_ws(' ', y.polcmd::text, y.polpermissive, pg_get_expr(y.polqual, y.polrelid), pg_get_expr(y.polwithcheck, y.polrelid),
      (select string_agg(rolname, ',' order by rolname) from pg_roles where oid = any (y.polroles)))
    from relations r join pg_policy y on y.polrelid = r.oid`,

  `select 'enum', s.nspname || '.' || t.typname, (select string_agg(quote_literal(enumlabel), ', ' order by enumsortorder) from pg_enum where enumtypid = t.oid)
    from pg_type t join schemas s on s.oid = t.typnamespace where t.typtype = 'e' and ${notOfExtension("pg_type", "t.oid")}`,

  `select 'domain', s.nspname || '.' || t.typname, concat_ws(' ', format_type(t.typbasetype, t.typtypmod), case when t.typnotnull then 'not null' end, t.typdefault,
      (select string_agg(conname || ' ' || pg_get_constraintdef(oid), ', ' order by conname) from pg_constraint where contypid = t.oid))
    from pg_type t join schemas s on s.oid = t.typnamespace where t.typtype = 'd' and ${notOfExtension("pg_type", "t.oid")}`,

  `select 'statistics', s.nspname || '.' || x.stxname, pg_get_statisticsobjdef(x.oid) from pg_statistic_ext x join schemas s on s.oid = x.stxnamespace`,

  `select 'extension', e.extname, '' from pg_extension e where e.extname <> 'plpgsql'`,
];
