import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";

/** The version of this package; `unknown` where it has been bundled into something else. */
export function ownVersion(): string {
  try {
    const path = findPackageJSON(import.meta.url);
    if (path === undefined) return "unknown";
    const { name, version } = JSON.parse(readFileSync(path, "utf8")) as { readonly name?: unknown; readonly version?: unknown };
    return name === "@fairlead/core" && typeof version === "string" ? version : "unknown";
  } catch {
    return "unknown";
  }
}
