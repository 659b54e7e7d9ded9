import { steadyFunctions } from "../sql/steady-functions.js";

/** Functions of the server that change nothing which other code sees, beside those that only work something out: aggregates, such as answer rows, random numbers, locks. */
const others: ReadonlySet<string> = new Set(
  `
  aclexplode array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count covar_pop covar_samp cume_dist dense_rank every first_value generate_series
  generate_subscripts json_agg json_array_elements json_array_elements_text json_each json_each_text json_object_agg json_object_keys
  json_populate_recordset json_to_recordset jsonb_agg jsonb_array_elements jsonb_array_elements_text jsonb_each jsonb_each_text jsonb_object_agg
  jsonb_object_keys jsonb_path_query jsonb_path_query_tz jsonb_populate_recordset jsonb_to_recordset lag last_value lead max min mode nth_value ntile
  percent_rank percentile_cont percentile_disc range_agg range_intersect_agg rank regexp_matches regexp_split_to_table row_number stddev stddev_pop
  stddev_samp string_agg string_to_table sum unnest var_pop var_samp variance xmlagg
  clock_timestamp current_query currval gen_random_uuid lastval nextval pg_advisory_lock pg_advisory_lock_shared pg_advisory_unlock
  pg_advisory_unlock_all pg_advisory_unlock_shared pg_advisory_xact_lock pg_advisory_xact_lock_shared pg_notify pg_sleep pg_sleep_for pg_sleep_until
  pg_try_advisory_lock pg_try_advisory_lock_shared pg_try_advisory_xact_lock pg_try_advisory_xact_lock_shared pg_typeof random set_config setseed
  timeofday txid_current pg_current_xact_id pg_backend_pid pg_is_in_recovery pg_relation_size pg_table_size pg_total_relation_size pg_indexes_size
  uuidv4 uuidv7
  `
    .trim()
    .split(/\s+/),
);

const asking = /^(?:pg_get_(?:\w+def|expr|serial_sequence|userbyid|keywords)|pg_\w+_is_visible|has_\w+_privilege|pg_has_role)$/;

/** Whether a call of what has this name, in its parts, changes nothing that other code sees. Of what is not the server's own nobody knows. */
export function isHarmlessCall(parts: readonly string[], isOwn: (name: string) => boolean): boolean {
  const name = parts.at(-1) ?? "";
  const isServers = parts.length === 1 ? !isOwn(name) : parts.length === 2 && parts[0] === "pg_catalog";
  return isServers && (steadyFunctions.has(name) || others.has(name) || asking.test(name));
}
