import type { Rule } from "../rule.js";

export const enumValueUsedAtOnce: Rule = {
  id: "enum-value-used-at-once",
  elsewhere: ["strong_migrations add_enum_value"],
  concern: "transactions",
  why: "A value that was added in the same transaction cannot be used in it (55P04).",
  recipe: "Add it in one file and use it in the next.",
  examples: {
    bad: "alter type mood add value 'so-so'; update people set mood = 'so-so' where id = 1",
    good: "alter type mood add value 'so-so'",
  },
  check({ node, transaction, earlier }) {
    if (!transaction) return [];
    const added = earlier.flatMap((one) =>
      "AlterEnumStmt" in one && one.AlterEnumStmt.newVal !== undefined && one.AlterEnumStmt.oldVal === undefined
        ? [one.AlterEnumStmt.newVal]
        : [],
    );
    return added.some((value) => JSON.stringify(node).includes(`"sval":${JSON.stringify(value)}`))
      ? [{ what: "uses a value that the same transaction adds" }]
      : [];
  },
};
