import { inOrder } from "./in-order.js";
import type { Layout } from "./layout.js";

/**
 * One file for each migration: ours, and those of dbmate, goose, node-pg-migrate and Supabase, which keep the way back, if there is one, in the same file. Of golang-migrate too, and of others that keep it in a
 * file beside it: `1_users.up.sql`, `1_users.down.sql`.
 */
export const plainLayout: Layout = ({ files }) => {
  const names = new Set(files);
  const found = files.filter((file) => file.endsWith(".sql")).map((file) => file.slice(0, -".sql".length));
  return found
    .filter((name) => !isWayBack(name) || !names.has(`${wayThere(name)}.sql`))
    .map((name) => {
      const id = name.endsWith(".up") ? name.slice(0, -".up".length) : name;
      const down = `${id}.down.sql`;
      return { id, file: `${name}.sql`, ...(name !== id && names.has(down) ? { down } : {}) };
    })
    .sort((one, other) => inOrder(one.id, other.id));
};

function isWayBack(name: string): boolean {
  return name.endsWith(".down");
}

function wayThere(name: string): string {
  return `${name.slice(0, -".down".length)}.up`;
}
