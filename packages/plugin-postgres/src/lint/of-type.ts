import { typeText } from "../schema/type-text.js";
import { columnsWritten, placeOfType } from "./look.js";
import type { Rule } from "./rule.js";

/** Finds the columns that a statement writes with one of these types, by PostgreSQL's own names for them; `mend` writes another type. */
export function columnsOfType(types: readonly string[], mend: (text: string) => string): Rule["check"] {
  return ({ node }) =>
    columnsWritten(node)
      .filter(({ column }) => types.includes(typeText(column.typeName).replace(/\(.*$/, "")))
      .map(({ table, column }) => ({
        what: `gives ${table}.${column.colname ?? ""} the type ${typeText(column.typeName)}`,
        at: placeOfType(column),
        mend,
      }));
}
