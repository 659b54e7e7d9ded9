import type { Store, StreamSummary } from "../contract/store.js";

/** Every stream with a prefix, the oldest name first. */
export async function* listAll(store: Pick<Store, "list">, prefix: string, environment?: string): AsyncGenerator<StreamSummary> {
  for (let after: string | undefined; ;) {
    const { items, next } = await store.list({
      prefix,
      order: "oldest",
      limit: 1_000,
      ...(environment === undefined ? {} : { where: { environment } }),
      ...(after === undefined ? {} : { after }),
    });
    yield* items;
    if (next === undefined) return;
    after = next;
  }
}
