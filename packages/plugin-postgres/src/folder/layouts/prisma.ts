import { inOrder } from "./in-order.js";
import type { Layout } from "./layout.js";

/** Prisma: a folder each, with `migration.sql`. */
export const prismaLayout: Layout = ({ folders }) => {
  const found = [...folders].filter(([, files]) => files.includes("migration.sql"));
  if (found.length === 0) return undefined;
  return found
    .map(([name]) => ({ id: name, file: `${name}/migration.sql`, tools: ["Prisma"] }))
    .sort((one, other) => inOrder(one.id, other.id));
};
