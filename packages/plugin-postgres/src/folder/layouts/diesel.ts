import { byCharacters } from "./in-order.js";
import type { Layout } from "./layout.js";

/** Diesel: a folder each, with `up.sql` and `down.sql`, and `metadata.toml` where it says how it is run. */
export const dieselLayout: Layout = ({ folders, text }) => {
  const found = [...folders].filter(([, files]) => files.includes("up.sql"));
  if (found.length === 0) return undefined;
  return found
    .map(([name, files]) => ({
      id: name,
      file: `${name}/up.sql`,
      tools: ["Diesel"],
      ...(files.includes("down.sql") ? { down: `${name}/down.sql` } : {}),
      alone: files.includes("metadata.toml") && /^\s*run_in_transaction\s*=\s*false/m.test(text(`${name}/metadata.toml`)),
    }))
    .sort((one, other) => byCharacters(withoutDashes(one.id), withoutDashes(other.id)));
};

/** `2026-11-21-093000_users` counts as its digits, which Diesel compares character by character. */
function withoutDashes(id: string): string {
  const [version = ""] = id.split("_");
  return version.replaceAll("-", "") + id.slice(version.length);
}
