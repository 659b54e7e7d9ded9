import { dieselLayout } from "./diesel.js";
import { drizzleLayout } from "./drizzle.js";
import { flywayLayout } from "./flyway.js";
import type { Found, Layout, Listing } from "./layout.js";
import { plainLayout } from "./plain.js";
import { prismaLayout } from "./prisma.js";

/** Drizzle's folders are Prisma's with something beside. Any folder can be a plain one. */
const layouts: readonly Layout[] = [drizzleLayout, prismaLayout, dieselLayout, flywayLayout, plainLayout];

/** The migrations of a folder in their order, whichever tool it was made for. */
export function findMigrations(listing: Listing): readonly Found[] {
  for (const layout of layouts) {
    const found = layout(listing);
    if (found !== undefined) return found;
  }
  return [];
}
