/**
 * Functions of the server that answer the same within one statement (`pg_proc.provolatile <> 'v'`, PostgreSQL 18), without those of most operators, of indexes and types. A default made of these is worked out once for all
 * rows that are there; any other may differ from row to row.
 */
export const steadyFunctions: ReadonlySet<string> = new Set(
  `
  abbrev abs acldefault acos acosd acosh age area array_append array_cat array_dims array_fill array_length array_lower array_ndims array_position
  array_positions array_prepend array_remove array_replace array_reverse array_sort array_to_json array_to_string array_to_tsvector array_upper ascii
  asin asind asinh atan atan2 atan2d atand atanh bit bit_count bit_length bool bound_box box bpchar broadcast btrim bytea cardinality casefold
  cash_words cbrt ceil ceiling center char char_length character_length chr cidr circle col_description concat concat_ws convert convert_from
  convert_to cos cosd cosh cot cotd crc32 crc32c current_database current_schema current_schemas current_setting current_user date date_add date_bin
  date_part date_subtract date_trunc datemultirange daterange daterange_canonical decode degrees dexp diagonal diameter div dlog1 dlog10 dround dtrunc
  encode enum_first enum_last enum_range erf erfc exp extract factorial family floor format format_type gamma gcd get_bit get_byte
  get_current_ts_config getdatabaseencoding getpgusername height host hostmask icu_unicode_version inet_client_addr inet_client_port inet_merge
  inet_same_family inet_server_addr inet_server_port initcap interval is_normalized isclosed isempty isfinite ishorizontal isopen isparallel isperp
  isvertical json_array_length json_build_array json_build_object json_object json_populate_record json_strip_nulls json_to_record json_to_tsvector
  json_typeof jsonb_array_length jsonb_build_array jsonb_build_object jsonb_insert jsonb_object jsonb_path_exists jsonb_path_exists_tz
  jsonb_path_match jsonb_path_match_tz jsonb_path_query_array jsonb_path_query_array_tz jsonb_path_query_first jsonb_path_query_first_tz
  jsonb_populate_record jsonb_populate_record_valid jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls jsonb_to_record jsonb_to_tsvector
  jsonb_typeof justify_days justify_hours justify_interval lcm left length lgamma like like_escape line ln log log10 lower lower_inc lower_inf lpad
  lseg ltrim macaddr macaddr8 macaddr8_set7bit make_date make_interval make_time make_timestamp make_timestamptz makeaclitem masklen md5 min_scale mod
  money mxid_age name nameconcatoid netmask network normalize notlike now npoints num_nonnulls num_nulls numeric nummultirange numnode numrange
  obj_description octet_length overlaps overlay parse_ident path pclose phraseto_tsquery pi plainto_tsquery point polygon popen position pow power
  querytree quote_ident quote_literal quote_nullable radians radius range_merge regclass regexp_count regexp_instr regexp_like regexp_match
  regexp_replace regexp_split_to_array regexp_substr repeat replace reverse right round row_security_active row_to_json rpad rtrim scale session_user
  set_bit set_byte set_masklen setweight sha224 sha256 sha384 sha512 shobj_description sign similar_escape similar_to_escape sin sind sinh slope
  split_part sqrt starts_with statement_timestamp string_to_array strip strpos substr substring system_user tan tand tanh text textlen time timestamp
  timestamptz timetz timezone to_ascii to_bin to_char to_date to_hex to_json to_jsonb to_number to_oct to_regclass to_regcollation to_regnamespace
  to_regoper to_regoperator to_regproc to_regprocedure to_regrole to_regtype to_regtypemod to_timestamp to_tsquery to_tsvector transaction_timestamp
  translate trim_array trunc ts_delete ts_filter ts_headline ts_lexize tsmultirange tsquery_phrase tsrange tstzmultirange tstzrange tsvector_to_array
  unicode_assigned unicode_version unistr upper upper_inc upper_inf uuid_extract_timestamp uuid_extract_version varbit varchar version
  websearch_to_tsquery width width_bucket xml xml_is_well_formed xml_is_well_formed_content xml_is_well_formed_document xmlcomment xmlconcat2
  xmlexists xmltext xmlvalidate xpath xpath_exists
  `
    .trim()
    .split(/\s+/),
);
