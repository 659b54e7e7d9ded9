/** A change of a schema, as statements that are sent one by one. */
export interface Change {
  readonly name: string;
  readonly up: readonly string[];
  readonly down: readonly string[];
  /** Whether PostgreSQL refuses it in a transaction. */
  readonly alone?: boolean;
}

/** What migrations are made of that real folders have: texts in which a semicolon is no end, values that are used in the transaction behind the one that adds them, indexes made concurrently. */
export const changes: readonly Change[] = Array.from({ length: 32 }, (_, number) => changeOf(number));

/** As many that may all run in one transaction, which some tools make of everything. */
export const changesTogether: readonly Change[] = Array.from({ length: 56 }, (_, number) => changeOf(number)).filter(
  ({ name, alone }) => alone !== true && !/^(?:extend|use) type/.test(name),
);

function changeOf(number: number): Change {
  const table = `orders_${String(Math.floor(number / 8))}`;
  const kinds: readonly Change[] = [
    {
      name: `create ${table}`,
      up: [
        `create table ${table} (id bigint generated always as identity primary key, note text default 'a;b -- c', at timestamptz not null default now())`,
        `comment on table ${table} is 'Bestellungen; größer 😀'`,
      ],
      down: [`drop table ${table}`],
    },
    {
      name: `create type ${table}`,
      up: [
        `create type ${table}_state as enum ('open', 'paid')`,
        `alter table ${table} add column state ${table}_state not null default 'open'`,
      ],
      down: [`alter table ${table} drop column state`, `drop type ${table}_state`],
    },
    { name: `extend type ${table}`, up: [`alter type ${table}_state add value 'shipped'`], down: ["select 1"] },
    {
      name: `use type ${table}`,
      up: [`alter table ${table} alter state set default 'shipped'`],
      down: [`alter table ${table} alter state set default 'open'`],
    },
    {
      name: `create function ${table}`,
      up: [
        `create function ${table}_touch() returns trigger language plpgsql as $body$\nbegin\n  new.at := now(); -- ; no end\n  return new;\nend;\n$body$`,
        `create trigger ${table}_touch before update on ${table} for each row execute function ${table}_touch()`,
      ],
      down: [`drop trigger ${table}_touch on ${table}`, `drop function ${table}_touch()`],
    },
    {
      name: `index ${table}`,
      up: [`create index concurrently ${table}_at on ${table} (at)`],
      down: [`drop index concurrently ${table}_at`],
      alone: true,
    },
    {
      name: `fill ${table}`,
      up: [
        `insert into ${table} (note) select 'ü' || n from generate_series(1, 10) n`,
        `alter table ${table} add check (length(note) < 1000)`,
      ],
      down: [`delete from ${table}`],
    },
    {
      name: `view ${table}`,
      up: [`create view ${table}_open as select id, note from ${table} where state = 'open'`],
      down: [`drop view ${table}_open`],
    },
  ];
  const kind = kinds[number % kinds.length];
  if (kind === undefined) throw new RangeError("there is no such kind");
  return kind;
}
