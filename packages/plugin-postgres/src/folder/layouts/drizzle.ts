import { byCharacters } from "./in-order.js";
import type { Layout } from "./layout.js";

const tools = ["Drizzle"];
const journal = "_journal.json";

/** Drizzle: files in the order of `meta/_journal.json`; since its version 1 a folder each, with a snapshot beside `migration.sql`. */
export const drizzleLayout: Layout = ({ folders, text }) => {
  if (folders.get("meta")?.includes(journal) === true)
    return tagsOf(JSON.parse(text(`meta/${journal}`))).map((tag) => ({ id: tag, file: `${tag}.sql`, tools }));
  const found = [...folders].filter(([, files]) => files.includes("migration.sql") && files.includes("snapshot.json"));
  if (found.length === 0) return undefined;
  return found.map(([name]) => ({ id: name, file: `${name}/migration.sql`, tools })).sort((one, other) => byCharacters(one.id, other.id));
};

function tagsOf(content: unknown): readonly string[] {
  const entries: unknown = typeof content === "object" && content !== null ? Reflect.get(content, "entries") : undefined;
  if (!Array.isArray(entries)) return [];
  const read = entries.flatMap((entry: unknown) => {
    if (typeof entry !== "object" || entry === null) return [];
    const index: unknown = Reflect.get(entry, "idx");
    const tag: unknown = Reflect.get(entry, "tag");
    return typeof index === "number" && typeof tag === "string" ? [{ index, tag }] : [];
  });
  return read.sort((one, other) => one.index - other.index).map(({ tag }) => tag);
}
