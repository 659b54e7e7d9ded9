import assert from "node:assert/strict";
import type { ListQuery, Page, Store, StreamSummary } from "@fairlead/core";
import type { Cases } from "../suite.js";
import { commitOf, write, type StoreFixture } from "./fixture.js";

async function create(store: Store, names: readonly string[]): Promise<void> {
  await store.commit({ streams: names.map((name) => write(name, 0, ["created"], { name })) });
}

function namesOf({ items }: Page<StreamSummary>): string[] {
  return items.map(({ name }) => name);
}

/** Goes through all pages; every page but the last must be full. */
async function readPages(store: Store, query: ListQuery & { readonly limit: number }): Promise<string[][]> {
  const pages: string[][] = [];
  let after: string | undefined;
  do {
    const page = await store.list({ ...query, ...(after === undefined ? {} : { after }) });
    pages.push(namesOf(page));
    after = page.next;
    if (after !== undefined) assert.equal(page.items.length, query.limit);
  } while (after !== undefined && pages.length < 100);
  return pages;
}

/** Finding streams by their names and summaries. */
export const listCases = {
  "streams are listed by the beginning of their names, the newest name first": async ({ store }) => {
    await create(store, [
      "deployment/shop/2",
      "deployment/shop/1",
      "deployment/shop/3",
      "deployment/shop",
      "deployment/shopping/1",
      "log/shop/1",
    ]);
    assert.deepEqual(namesOf(await store.list({ prefix: "deployment/shop/" })), [
      "deployment/shop/3",
      "deployment/shop/2",
      "deployment/shop/1",
    ]);
    assert.deepEqual(namesOf(await store.list({ prefix: "deployment/shop/", order: "newest" })).length, 3);
    assert.deepEqual(namesOf(await store.list({ prefix: "nothing/" })), []);
    assert.equal(namesOf(await store.list({ prefix: "" })).length, 6);
  },

  "streams are listed with the oldest name first where asked": async ({ store }) => {
    await create(store, ["a/2", "a/1", "a/3"]);
    assert.deepEqual(namesOf(await store.list({ prefix: "a/", order: "oldest" })), ["a/1", "a/2", "a/3"]);
  },

  "the beginning of a name is text, not a pattern": async ({ store }) => {
    await create(store, ["a%/1", "a_/1", "a*/1", "a[b]/1", "ab/1", "abc/1", "a'/1"]);
    for (const prefix of ["a%/", "a_/", "a*/", "a[b]/", "a'/"]) assert.deepEqual(namesOf(await store.list({ prefix })), [`${prefix}1`]);
  },

  "a list says the version of each stream": async ({ store }) => {
    await store.commit({ streams: [write("a/1", 0, ["one", "two"]), write("a/2", 0, ["one"])] });
    await store.commit(commitOf(write("a/1", 2, ["three"])));
    const { items } = await store.list({ prefix: "a/", order: "oldest" });
    assert.deepEqual(
      items.map(({ name, version }) => [name, version]),
      [
        ["a/1", 3],
        ["a/2", 1],
      ],
    );
  },

  "a summary stays until another replaces it whole": async ({ store }) => {
    const summaryOf = async (): Promise<unknown> => (await store.list({ prefix: "a" })).items.map(({ summary }) => summary);
    await store.commit(commitOf(write("a", 0, ["one"])));
    assert.deepEqual(await summaryOf(), [{}]);
    await store.commit(commitOf(write("a", 1, ["two"], { phase: "running", open: true })));
    await store.commit(commitOf(write("a", 2, ["three"])));
    assert.deepEqual(await summaryOf(), [{ phase: "running", open: true }]);
    await store.commit(commitOf(write("a", 3, [], { phase: "succeeded" })));
    assert.deepEqual(await summaryOf(), [{ phase: "succeeded" }]);
  },

  "a stream without events is not listed": async ({ store }) => {
    await store.commit(commitOf(write("a/1", 0, [], { phase: "running" })));
    await store.commit(commitOf(write("a/2", 0, [])));
    assert.deepEqual((await store.list({ prefix: "a/" })).items, []);
    await store.commit(commitOf(write("a/1", 0, ["one"])));
    assert.deepEqual((await store.list({ prefix: "a/" })).items, [{ name: "a/1", version: 1, summary: {} }]);
  },

  "pages follow each other without a gap or a repetition": async ({ store }) => {
    await create(store, ["b/0", ...Array.from({ length: 7 }, (_, index) => `a/${String(index + 1)}`)]);
    assert.deepEqual(await readPages(store, { prefix: "a/", limit: 3 }), [["a/7", "a/6", "a/5"], ["a/4", "a/3", "a/2"], ["a/1"]]);
    assert.deepEqual(await readPages(store, { prefix: "a/", limit: 3, order: "oldest" }), [
      ["a/1", "a/2", "a/3"],
      ["a/4", "a/5", "a/6"],
      ["a/7"],
    ]);
  },

  "a page that ends with the last item has no next": async ({ store }) => {
    await create(store, ["a/1", "a/2", "a/3", "a/4", "b/1"]);
    assert.deepEqual(await readPages(store, { prefix: "a/", limit: 2 }), [
      ["a/4", "a/3"],
      ["a/2", "a/1"],
    ]);
    assert.deepEqual(Object.keys(await store.list({ prefix: "a/", limit: 4 })), ["items"]);
  },

  "a stream that comes between two pages moves none of them": async ({ store }) => {
    await create(store, ["a/1", "a/2", "a/3", "a/4"]);
    const first = await store.list({ prefix: "a/", limit: 2 });
    await create(store, ["a/5"]);
    assert.ok(first.next !== undefined);
    assert.deepEqual(namesOf(await store.list({ prefix: "a/", limit: 2, after: first.next })), ["a/2", "a/1"]);
  },

  "a list finds by what a summary says": async ({ store }) => {
    await store.commit({
      streams: [
        write("a/1", 0, ["x"], { environment: "production", open: false, attempt: 1 }),
        write("a/2", 0, ["x"], { environment: "staging", open: true, attempt: 1 }),
        write("a/3", 0, ["x"], { environment: "production", open: true, attempt: 2.5 }),
        write("a/4", 0, ["x"]),
        write("b/1", 0, ["x"], { environment: "production", open: true, attempt: 1 }),
      ],
    });
    const find = async (where: ListQuery["where"] & object): Promise<string[]> => namesOf(await store.list({ prefix: "a/", where }));
    assert.deepEqual(await find({ environment: "production" }), ["a/3", "a/1"]);
    assert.deepEqual(await find({ open: true }), ["a/3", "a/2"]);
    assert.deepEqual(await find({ open: false }), ["a/1"]);
    assert.deepEqual(await find({ attempt: 2.5 }), ["a/3"]);
    assert.deepEqual(await find({ environment: "production", open: true }), ["a/3"]);
    assert.deepEqual(await find({ environment: "nowhere" }), []);
    assert.deepEqual(await find({}), ["a/4", "a/3", "a/2", "a/1"]);
  },

  "a list tells values of different types apart": async ({ store }) => {
    await store.commit({
      streams: [
        write("a/boolean", 0, ["x"], { value: true }),
        write("a/number", 0, ["x"], { value: 1 }),
        write("a/text", 0, ["x"], { value: "1" }),
        write("a/word", 0, ["x"], { value: "true" }),
        write("a/null", 0, ["x"], { value: null }),
        write("a/list", 0, ["x"], { value: [1] }),
        write("a/deep", 0, ["x"], { other: { value: 1 } }),
      ],
    });
    const find = async (value: string | number | boolean): Promise<string[]> =>
      namesOf(await store.list({ prefix: "a/", where: { value } }));
    assert.deepEqual(
      [await find(true), await find(1), await find("1"), await find("true")],
      [["a/boolean"], ["a/number"], ["a/text"], ["a/word"]],
    );
    assert.deepEqual([await find("null"), await find("[1]"), await find("")], [[], [], []]);
  },

  "a list finds by members of any name": async ({ store }) => {
    const members = ["a.b", 'a"b', "a'b", "a b", "$", "[0]", "größe"];
    for (const [index, member] of members.entries())
      await store.commit(commitOf(write(`a/${String(index)}`, 0, ["x"], { [member]: "yes" })));
    for (const [index, member] of members.entries()) {
      assert.deepEqual(namesOf(await store.list({ prefix: "a/", where: { [member]: "yes" } })), [`a/${String(index)}`]);
    }
  },

  "pages of what was found by summary are whole": async ({ store }) => {
    const names = Array.from({ length: 40 }, (_, index) => `a/${String(index).padStart(2, "0")}`);
    await store.commit({ streams: names.map((name, index) => write(name, 0, ["x"], { third: index % 3 === 0 })) });
    const wanted = names.filter((_, index) => index % 3 === 0).reverse();
    const pages = await readPages(store, { prefix: "a/", where: { third: true }, limit: 5 });
    assert.deepEqual(pages, [wanted.slice(0, 5), wanted.slice(5, 10), wanted.slice(10)]);
  },

  "a list gives fifty streams unless told, and never more than a thousand": async ({ store }) => {
    await create(
      store,
      Array.from({ length: 1_001 }, (_, index) => `a/${String(index).padStart(4, "0")}`),
    );
    assert.equal((await store.list({ prefix: "a/" })).items.length, 50);
    const most = await store.list({ prefix: "a/", limit: 5_000 });
    assert.equal(most.items.length, 1_000);
    assert.ok(most.next !== undefined);
  },
} satisfies Cases<StoreFixture>;
