import type { Json, JsonObject, Store, StoreCommit } from "@fairlead/core";
import { withCommit, type Flaws } from "./flaw.js";

/** A store that keeps something else than it was handed. */
function withData(store: Store, change: (data: JsonObject) => JsonObject): Store {
  return withCommit(store, (commit) => ({
    ...commit,
    streams: commit.streams.map((write) => ({
      ...write,
      events: write.events.map((event) => ({ ...event, data: change(event.data) })),
      ...(write.summary === undefined ? {} : { summary: change(write.summary) }),
    })),
  }));
}

function mapText(value: Json | undefined, change: (text: string) => string): Json | undefined {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item: Json) => mapText(item, change) ?? null);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [change(name), mapText(member, change)]));
}

/** A store that knows streams under other names than it is asked for. */
function withNames(store: Store, change: (name: string) => string): Store {
  const rename = (commit: StoreCommit): StoreCommit => ({
    ...commit,
    streams: commit.streams.map((write) => ({ ...write, name: change(write.name) })),
  });
  return { ...withCommit(store, rename), read: (stream, options) => store.read(change(stream), options) };
}

export const readFlaws: Flaws = {
  "seals the events itself": {
    breaks: (store) => ({
      ...store,
      read: async (stream, options) => (await store.read(stream, options)).map((event) => ({ ...event, hash: "sha256:0" })),
    }),
    fails: ["events come back as they were written"],
  },
  "takes names that end in a slash for those without": {
    breaks: (store) => ({ ...store, read: (stream, options) => store.read(stream.replace(/\/$/, ""), options) }),
    fails: ["a stream that was never written has no events"],
  },
  "knows no capitals in names": {
    breaks: (store) => withNames(store, (name) => name.toLowerCase()),
    fails: ["text of every kind comes back unchanged", "names are told apart by every character"],
  },
  "reads from the beginning whatever it is asked": {
    breaks: (store) => ({ ...store, read: (stream, { after: _, ...options } = {}) => store.read(stream, options) }),
    fails: ["reading begins behind a version", "reading ends at a limit"],
  },
  "reads to the end whatever it is asked": {
    breaks: (store) => ({ ...store, read: (stream, { limit: _, ...options } = {}) => store.read(stream, options) }),
    fails: ["reading ends at a limit"],
  },
  "sorts versions as text": {
    breaks: (store) => ({
      ...store,
      read: async (stream, options) =>
        [...(await store.read(stream, options))].sort((left, right) => (String(left.version) < String(right.version) ? -1 : 1)),
    }),
    fails: ["a thousand events of one commit come back in order"],
  },
  "composes characters": {
    breaks: (store) => withData(store, (data) => mapText(data, (text) => text.normalize("NFC")) as JsonObject),
    fails: ["text of every kind comes back unchanged"],
  },
  "cuts text at its first zero": {
    breaks: (store) => withData(store, (data) => mapText(data, (text) => text.split("\0")[0] ?? "") as JsonObject),
    fails: ["text of every kind comes back unchanged"],
  },
  "keeps no more than a megabyte of text": {
    breaks: (store) => withData(store, (data) => mapText(data, (text) => text.slice(0, 1_000_000)) as JsonObject),
    fails: ["an event of megabytes comes back unchanged"],
  },
  "makes null of what is undefined": {
    breaks: (store) => withData(store, (data) => Object.fromEntries(Object.entries(data).map(([name, member]) => [name, member ?? null]))),
    fails: ["members that are undefined are as if absent"],
  },
  "copies what it is handed when it is read": {
    breaks: (store) => {
      const handed = new Map<string, { readonly data: JsonObject[]; summary: JsonObject }>();
      const copy = (value: JsonObject): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject;
      return {
        ...store,
        commit: async (commit) => {
          const answer = await store.commit(commit);
          for (const { name, events, summary } of commit.streams) {
            const stream = handed.get(name) ?? { data: [], summary: {} };
            stream.data.push(...events.map(({ data }) => data));
            if (stream.data.length > 0) handed.set(name, { data: stream.data, summary: summary ?? stream.summary });
          }
          return answer;
        },
        read: async (stream, options) =>
          (await store.read(stream, options)).map((event) => ({
            ...event,
            data: copy(handed.get(stream)?.data[event.version - 1] ?? event.data),
          })),
        list: async (query) => {
          const page = await store.list(query);
          return { ...page, items: page.items.map((item) => ({ ...item, summary: copy(handed.get(item.name)?.summary ?? item.summary) })) };
        },
      };
    },
    fails: ["what a writer changes afterwards does not change the store"],
  },
};
