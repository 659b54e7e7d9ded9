import type { Page } from "../contract/store.js";

/** How many items an answer holds: 50 unless told, never more than 1000. */
export function toPageSize(limit = 50): number {
  return Math.min(1_000, Math.max(1, Math.trunc(limit)));
}

/** A page of `size` items from items of which one more was asked for, to know whether there is more. */
export function toPage<Item extends { readonly name: string }>(found: readonly Item[], size: number): Page<Item> {
  const items = found.slice(0, size);
  const last = items.at(-1);
  return found.length > size && last !== undefined ? { items, next: last.name } : { items };
}
