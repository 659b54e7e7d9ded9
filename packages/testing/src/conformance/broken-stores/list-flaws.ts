import type { ListQuery, Page, Store, StreamSummary } from "@fairlead/core";
import { listAll, type Flaws } from "./flaw.js";

function withList(store: Store, list: (query: ListQuery) => Promise<Page<StreamSummary>>): Store {
  return { ...store, list };
}

type Where = ListQuery["where"] & object;

/** A store that judges summaries in another way. */
function withWhere(store: Store, matches: (summary: StreamSummary["summary"], where: Where) => boolean): Store {
  return withList(store, async ({ where = {}, prefix, order, limit = 50, after }) => {
    const all = (await listAll(store, prefix)).filter(({ summary }) => matches(summary, where));
    if (order === "oldest") all.reverse();
    const left = all.filter(({ name }) => after === undefined || (order === "oldest" ? name > after : name < after));
    const items = left.slice(0, Math.min(limit, 1_000));
    const last = items.at(-1);
    return left.length > items.length && last !== undefined ? { items, next: last.name } : { items };
  });
}

export const listFlaws: Flaws = {
  "lists the oldest first unless told": {
    breaks: (store) => withList(store, (query) => store.list({ ...query, order: query.order ?? "oldest" })),
    fails: [
      "streams are listed by the beginning of their names, the newest name first",
      "pages follow each other without a gap or a repetition",
      "a page that ends with the last item has no next",
      "a stream that comes between two pages moves none of them",
      "a list finds by what a summary says",
      "pages of what was found by summary are whole",
    ],
  },
  "lists the newest first whatever it is told": {
    breaks: (store) => withList(store, ({ order: _, ...query }) => store.list(query)),
    fails: [
      "streams are listed with the oldest name first where asked",
      "a list says the version of each stream",
      "pages follow each other without a gap or a repetition",
    ],
  },
  "takes the beginning of names for a pattern": {
    breaks: (store) =>
      withList(store, async (query) => {
        const pattern = new RegExp(
          `^${query.prefix
            .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
            .replaceAll("%", ".*")
            .replaceAll("_", ".")}`,
        );
        const names = new Set((await listAll(store)).filter(({ name }) => pattern.test(name)).map(({ name }) => name));
        const page = await store.list(query);
        const items = (await listAll(store)).filter(({ name }) => names.has(name));
        return /[%_]/.test(query.prefix) ? { items } : page;
      }),
    fails: ["the beginning of a name is text, not a pattern"],
  },
  "says that every stream has one event": {
    breaks: (store) =>
      withList(store, async (query) => {
        const page = await store.list(query);
        return { ...page, items: page.items.map((item) => ({ ...item, version: 1 })) };
      }),
    fails: ["a list says the version of each stream"],
  },
  "lists streams that nothing was ever written to": {
    breaks: (store) => {
      const empty = new Set<string>();
      return {
        ...store,
        commit: async (commit) => {
          const answer = await store.commit(commit);
          for (const { name } of commit.streams) empty.add(name);
          return answer;
        },
        list: async (query) => {
          const page = await store.list(query);
          const known = new Set((await listAll(store)).map(({ name }) => name));
          const added = [...empty].filter((name) => name.startsWith(query.prefix) && !known.has(name));
          return { ...page, items: [...page.items, ...added.map((name) => ({ name, version: 0, summary: {} }))] };
        },
      };
    },
    fails: ["a stream that is removed is gone, and no other is", "a stream without events is not listed"],
  },
  "counts pages from the newest": {
    breaks: (store) =>
      withList(store, async ({ after, limit = 50, ...query }) => {
        const { items: all } = await store.list({ ...query, limit: 1_000 });
        const start = Number(after ?? 0);
        const items = all.slice(start, start + limit);
        return start + limit < all.length ? { items, next: String(start + limit) } : { items };
      }),
    fails: [
      "a stream that comes between two pages moves none of them",
      "a list gives fifty streams unless told, and never more than a thousand",
    ],
  },
  "begins a page with the last item of the one before": {
    breaks: (store) =>
      withList(store, async (query) => {
        const page = await store.list(query);
        const again = (await listAll(store)).find(({ name }) => name === query.after);
        return again === undefined ? page : { ...page, items: [again, ...page.items.slice(0, (query.limit ?? 50) - 1)] };
      }),
    fails: [
      "pages follow each other without a gap or a repetition",
      "a page that ends with the last item has no next",
      "a stream that comes between two pages moves none of them",
      "pages of what was found by summary are whole",
    ],
  },
  "always says that there is more": {
    breaks: (store) =>
      withList(store, async (query) => {
        const page = await store.list(query);
        const last = page.items.at(-1);
        return last === undefined ? page : { ...page, next: last.name };
      }),
    fails: [
      "pages follow each other without a gap or a repetition",
      "a page that ends with the last item has no next",
      "pages of what was found by summary are whole",
    ],
  },
  "looks at no summary": {
    breaks: (store) => withList(store, ({ where: _, ...query }) => store.list(query)),
    fails: [
      "a list finds by what a summary says",
      "a list tells values of different types apart",
      "a list finds by members of any name",
      "pages of what was found by summary are whole",
    ],
  },
  "compares values of summaries as text": {
    breaks: (store) =>
      withWhere(store, (summary, where) =>
        Object.entries(where).every(([member, value]) => JSON.stringify(summary[member] ?? null).replaceAll('"', "") === String(value)),
      ),
    fails: ["a list tells values of different types apart"],
  },
  "takes the names of members for paths": {
    breaks: (store) =>
      withWhere(store, (summary, where) =>
        Object.entries(where).every(([member, value]) => {
          const found = member.split(".").reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], summary);
          return found === value;
        }),
      ),
    fails: ["a list finds by members of any name"],
  },
  "cuts the page before it looks at summaries": {
    breaks: (store) =>
      withList(store, async ({ where = {}, ...query }) => {
        const page = await store.list(query);
        return {
          ...page,
          items: page.items.filter(({ summary }) => Object.entries(where).every(([member, value]) => summary[member] === value)),
        };
      }),
    fails: ["pages of what was found by summary are whole"],
  },
  "gives as many streams as it is asked for": {
    breaks: (store) =>
      withList(store, async (query) => ((query.limit ?? 0) > 1_000 ? { items: await listAll(store, query.prefix) } : store.list(query))),
    fails: ["a list gives fifty streams unless told, and never more than a thousand"],
  },
};
