import type { Place } from "./place.js";

/**
 * `of_environment_2(wanted, first, behind, after, newest, size)`: what most lists are of, read in its order from an index, instead of being found whole and then put in order. A database without statistics about
 * a table that was just filled or restored takes an environment with thousands of deployments for one with few; here it cannot.
 */
export function listFunction({ schema }: Place): string {
  const page = (range: string, direction: string): string => `
    return query select stream.name, stream.version, stream.summary from ${schema}.stream
      where stream.labels -> 'environment' = wanted and ${range}
      order by stream.name ${direction} limit size`;
  return `
    create index stream_environment on ${schema}.stream ((labels -> 'environment'), name);
    create function ${schema}.of_environment_2(wanted jsonb, first text, behind text, after text, newest boolean, size integer)
      returns table (name text, version bigint, summary json) language plpgsql stable set enable_bitmapscan = off as $list$
    begin
      if newest then
        ${page(`stream.name >= first collate "C" and stream.name < coalesce(after, behind) collate "C"`, "desc")};
      else
        ${page(`stream.name >= first collate "C" and stream.name > coalesce(after, '') collate "C" and stream.name < behind collate "C"`, "asc")};
      end if;
    end
    $list$;
  `;
}
