import { byCharacters } from "./in-order.js";
import type { Layout } from "./layout.js";

/** Prisma: a folder each, with `migration.sql`, in the order of their names character by character: `20250625_x` comes behind `20240101000000_y`. */
export const prismaLayout: Layout = ({ folders }) => {
  const found = [...folders].filter(([, files]) => files.includes("migration.sql"));
  if (found.length === 0) return undefined;
  return found
    .map(([name]) => ({ id: name, file: `${name}/migration.sql`, tools: ["Prisma"] }))
    .sort((one, other) => byCharacters(one.id, other.id));
};
