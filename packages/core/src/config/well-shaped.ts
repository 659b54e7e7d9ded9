import type { StandardIssue } from "../contract/standard-schema.js";
import type { EnvironmentOptions } from "./environment-options.js";

type Path = readonly string[];

/** An environment's options without the members that its schema has something against. What is left can be looked at, so that one report names everything. */
export function wellShaped(options: EnvironmentOptions, issues: readonly StandardIssue[]): EnvironmentOptions {
  const paths = issues
    // A member too many stands in the way of nothing; its path is that of the whole.
    .filter(({ message }) => !/^Unrecognized keys?:/.test(message))
    .map(({ path = [] }) => wholeComponent(path.map((part) => String(typeof part === "object" ? part.key : part))));
  if (paths.some((path) => path.length === 0)) return {};
  return isRecord(options) ? pruned(options, paths) : {};
}

/** A component is nothing without its target, and of an analysis every part is needed. */
function wholeComponent(path: Path): Path {
  if (path[0] === "analysis") return ["analysis"];
  return path[0] === "components" && path[2] === "target" ? path.slice(0, 2) : path;
}

function pruned(value: Readonly<Record<string, unknown>>, paths: readonly Path[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => {
      const below = paths.filter(([head]) => head === key).map((path) => path.slice(1));
      if (below.some((path) => path.length === 0)) return [];
      if (below.length === 0) return [[key, member] as const];
      // A list is worth as much as its items.
      return isRecord(member) ? [[key, pruned(member, below)] as const] : [];
    }),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
