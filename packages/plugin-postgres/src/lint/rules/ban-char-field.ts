import { typeText } from "../../schema/type-text.js";
import { columnsWritten, placeOfType } from "../look.js";
import type { Rule } from "../rule.js";

const types: readonly string[] = ["bpchar", "char"];

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
  check: ({ node }) =>
    columnsWritten(node)
      .filter(({ column }) => types.includes(typeText(column.typeName).replace(/\(.*$/, "")))
      .map(({ table, column }) => ({
        what: `gives ${table}.${column.colname ?? ""} the type ${typeText(column.typeName)}`,
        at: placeOfType(column),
        mend: (text) => text.replace(/^(?:char|character|bpchar)\b(?!\s+varying)(?:\s*\(\s*\d+\s*\))?/i, "text"),
      })),
};
