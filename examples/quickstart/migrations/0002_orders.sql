create table orders (
  id bigint generated always as identity primary key,
  sku text not null references products (sku),
  quantity integer not null check (quantity > 0),
  ordered_at timestamptz not null default now()
);

alter table jobs add column order_id bigint references orders (id);
