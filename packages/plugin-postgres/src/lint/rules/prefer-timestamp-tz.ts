import { columnsOfType } from "../of-type.js";
import type { Rule } from "../rule.js";

export const preferTimestampTz: Rule = {
  id: "prefer-timestamp-tz",
  elsewhere: ["squawk prefer-timestamp-tz"],
  concern: "types",
  why: "A time without its zone means another moment to whoever has another zone.",
  recipe: "Use `timestamptz`.",
  examples: {
    bad: "create table a (at timestamp)",
    good: "create table a (at timestamptz)",
  },
  check: columnsOfType(["timestamp"], (text) =>
    text.replace(/^timestamp(?:\s*(\(\s*\d+\s*\)))?(?:\s+without\s+time\s+zone)?/i, "timestamptz$1"),
  ),
};
