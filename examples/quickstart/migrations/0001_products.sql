create table products (
  sku text primary key,
  name text not null,
  price integer not null check (price > 0)
);

comment on column products.price is 'in cents';

insert into products (sku, name, price)
values
  ('tea', 'Tea', 450),
  ('cups', 'Two cups', 1600),
  ('teapot', 'Teapot', 2400);

create table jobs (
  id bigint generated always as identity primary key,
  kind text not null,
  queued_at timestamptz not null default now(),
  done_at timestamptz
);

-- One row for each time that a job was carried out: more than one for a job would mean that it was done twice.
create table deeds (
  job_id bigint not null references jobs (id),
  release text not null,
  at timestamptz not null default now()
);
