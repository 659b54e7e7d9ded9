import { columnsOfType } from "../of-type.js";
import type { Rule } from "../rule.js";

export const banCharField: Rule = {
  id: "ban-char-field",
  elsewhere: ["squawk ban-char-field"],
  concern: "types",
  why: "`char(n)` is padded with blanks, and compares as if they were not there.",
  recipe: "Use `text`, with a check where the length matters.",
  examples: {
    bad: "create table a (code char(3))",
    good: "create table a (code text)",
  },
  check: columnsOfType(["bpchar", "char"], (text) =>
    text.replace(/^(?:char|character|bpchar)\b(?!\s+varying)(?:\s*\(\s*\d+\s*\))?/i, "text"),
  ),
};
