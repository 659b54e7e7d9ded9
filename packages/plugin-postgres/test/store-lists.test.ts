import { expect, test } from "vitest";
import { commitOf } from "./support/commit-of.js";
import { useStores } from "./support/store-scene.js";

const createScene = useStores();

test("the page of an environment is read in its order, also where the database knows nothing about its tables", async () => {
  const scene = await createScene();
  const store = scene.open();
  await store.commit(commitOf("a", 0, "one"));
  await scene.query(`
    alter table fairlead_store.stream set (autovacuum_enabled = off);
    insert into fairlead_store.stream (name, version, summary, labels)
    select 'deployment/shop/' || lpad(number::text, 6, '0'), 1, summary, summary::jsonb
    from (select number, json_build_object('environment', 'e' || (number % 4), 'open', number % 8 = 0) as summary from generate_series(1, 4000) as number) as made`);
  const prefix = "deployment/shop/";
  const newest = await store.list({ prefix, where: { environment: "e1" }, limit: 2 });
  expect(newest.items.map(({ name }) => name)).toEqual([`${prefix}003997`, `${prefix}003993`]);
  const next = await store.list({ prefix, where: { environment: "e1" }, limit: 2, after: newest.next ?? "" });
  expect(next.items.map(({ name }) => name)).toEqual([`${prefix}003989`, `${prefix}003985`]);
  const oldest = await store.list({ prefix, where: { environment: "e1" }, order: "oldest", limit: 2, after: `${prefix}000005` });
  expect(oldest.items.map(({ name }) => name)).toEqual([`${prefix}000009`, `${prefix}000013`]);
  expect((await store.list({ prefix, where: { environment: "e4" } })).items).toEqual([]);
});

test("those who ask for the first of a prefix at once are each told of their own", async () => {
  const scene = await createScene();
  const store = scene.open();
  for (const name of ["shop", "shop-eu", "till"]) await store.commit(commitOf(`environment/${name}`, 0, "one"));
  const first = (prefix: string) => store.list({ prefix, order: "oldest", limit: 1 });
  const ask = async (prefix: string) =>
    first(prefix).then(
      ({ items, next }) => [...items.map(({ name, version }) => `${name} ${String(version)}`), next],
      () => "refused",
    );
  const prefixes = Array.from(
    { length: 250 },
    (_, index) => ["environment/shop", "environment/till", "environment/none", "environment/\0"][index % 4] ?? "",
  );
  const answers = await Promise.all(prefixes.map(ask));
  expect(answers).toEqual(
    prefixes.map(
      (_, index) => [["environment/shop 1", "environment/shop"], ["environment/till 1", undefined], [undefined], "refused"][index % 4],
    ),
  );
  // Whoever has committed before it asks is told so, however many ask with it.
  const versions = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const name = `environment/of-${String(index)}`;
      for (let version = 0; version < 5; version += 1) {
        await store.commit(commitOf(name, version, "again"));
        if ((await first(name)).items[0]?.version !== version + 1) return `${name} was not told of ${String(version + 1)}`;
      }
      return "told";
    }),
  );
  expect(new Set(versions)).toEqual(new Set(["told"]));
});
