/** Everything that migrations of the tests make, as text: what two databases are compared by. Ledgers are left out. */
export const snapshot = `
  with ours as (select oid from pg_class where relnamespace = 'public'::regnamespace and relname ~ '^(orders|totals)')
  select 'column' as kind, a.attrelid::regclass::text || '.' || a.attname as name,
      concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid)) as definition
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid in (select oid from ours) and a.attnum > 0 and not a.attisdropped
  union all select 'index', indexrelid::regclass::text, concat_ws(' ', pg_get_indexdef(indexrelid), indisvalid) from pg_index where indrelid in (select oid from ours)
  union all select 'constraint', conname, pg_get_constraintdef(oid) from pg_constraint where conrelid in (select oid from ours)
  union all select 'view', oid::regclass::text, pg_get_viewdef(oid) from pg_class where oid in (select oid from ours) and relkind = 'v'
  union all select 'function', proname, pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace
  union all select 'trigger', tgname, pg_get_triggerdef(oid) from pg_trigger where tgrelid in (select oid from ours)
  union all select 'enum', enumtypid::regtype::text, string_agg(enumlabel, ',' order by enumsortorder) from pg_enum group by enumtypid
  union all select 'comment', objoid::regclass::text, description from pg_description where objoid in (select oid from ours)
  order by 1, 2, 3`;
