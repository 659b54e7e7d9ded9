import { commitFunction } from "./commit-function.js";
import { commitTogetherFunction } from "./commit-together-function.js";
import { leaseFunctions } from "./lease-functions.js";
import { listFunction } from "./list-function.js";
import type { Place } from "./place.js";

/** A version of the schema: what turns the one before into it, in its place. Written once, then kept as it is. */
type SchemaVersion = (place: Place) => string;

/**
 * Every version of the schema, the first one first. Functions carry the version of what they are asked in their names: processes of two releases use one store for as long as a deployment
 * of the newer one takes.
 */
export const schemaVersions: readonly SchemaVersion[] = [
  ({ schema, ...rest }) => `
    create table ${schema}.stream (
      id bigint generated always as identity primary key,
      -- Ordered by bytes, whatever the database's own order is: a list is one range of the index.
      name text collate "C" not null unique,
      version bigint not null,
      summary json not null default '{}',
      -- The members of the summary that can be found.
      labels jsonb not null default '{}'
    );
    create index stream_labels on ${schema}.stream using gin (labels jsonb_path_ops);

    create sequence ${schema}.event_position;
    create table ${schema}.event (
      position bigint primary key,
      stream bigint not null,
      version bigint not null,
      type text not null,
      at text not null,
      -- Not jsonb: that knows neither every character nor every number, and the hash is over the text.
      data json not null,
      hash text not null,
      -- One per commit: a writer that lost its connection finds its own commit again.
      nonce bigint not null,
      unique (stream, version)
    );

    create table ${schema}.claim (
      key text primary key,
      owner text not null
    );

    create sequence ${schema}.lease_token;
    create table ${schema}.lease (
      name text primary key,
      token bigint not null,
      holder json not null,
      expires_at bigint not null,
      nonce bigint not null
    );

    create table ${schema}.outbox (
      sequence bigint generated always as identity primary key,
      id text not null unique,
      dedupe_key text not null unique,
      channel text not null,
      lane text not null,
      application text not null,
      environment text not null,
      notification json not null,
      state text not null check (state in ('pending', 'delivered', 'dead')),
      attempts integer not null,
      next_at bigint not null,
      created_at bigint not null,
      error json,
      reference text,
      holder text,
      leased_until bigint
    );
    create index outbox_pending on ${schema}.outbox (application, environment, lane, sequence) where state = 'pending';
    create index outbox_list on ${schema}.outbox (application, sequence);

    create table ${schema}.timer (
      name text collate "C" primary key,
      at bigint not null
    );
    create index timer_at on ${schema}.timer (at);

    ${commitFunction({ schema, ...rest })}
    ${leaseFunctions({ schema, ...rest })}
  `,
  // Commits may remove streams; those of the release before are made as ever. Lists of an environment have a function of their own.
  (place) => `${listFunction(place)} ${commitFunction(place)}`,
  commitTogetherFunction,
];
