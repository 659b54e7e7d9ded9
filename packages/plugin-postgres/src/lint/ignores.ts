import type { Statement } from "../sql/script.js";
import { createTextMap, type Place } from "../sql/text-map.js";
import type { Rule } from "./rule.js";

/** A comment that keeps rules silent. */
export interface Ignore {
  readonly place: Place;
  /** The rules that it names; all of them where it names none. */
  readonly rules: readonly string[];
  /** The statement that it stands before or in; none means the whole file. */
  readonly statement?: Statement;
  /** Why. */
  readonly reason?: string;
  /** Whether it has kept a rule silent. */
  used: boolean;
}

/** `-- fairlead-ignore rule, rule: reason`, and what squawk reads: `-- squawk-ignore rule`, `-- squawk-ignore-file`. */
const comment = /(?:--|\/\*)[ \t]*(fairlead|squawk)-ignore(-file)?\b[ \t]*([^:\n*]*)(?::[ \t]*([^\n*]*))?/g;

/** Reads the comments of a file that keep rules silent. */
export function readIgnores(text: string, statements: readonly Statement[]): readonly Ignore[] {
  if (!text.includes("-ignore")) return [];
  const map = createTextMap(text);
  return [...text.matchAll(comment)].flatMap((found) => {
    const [, tool, file, names = "", because = ""] = found;
    const statement = statements.find(({ end }) => found.index < end);
    if (file === undefined && statement === undefined) return [];
    const rules = names.split(/[\s,]+/).filter((name) => name !== "");
    // Squawk knows no reasons.
    const reason = tool === "squawk" ? "(squawk)" : because.trim();
    return [
      {
        place: map.placeOf(found.index),
        rules,
        ...(file === undefined && statement !== undefined ? { statement } : {}),
        ...(reason === "" ? {} : { reason }),
        used: false,
      },
    ];
  });
}

/** Whether somebody has said that a rule is to be silent about a statement. One that says no reason does not count. */
export function isIgnored(ignores: readonly Ignore[], { id, elsewhere }: Rule, statement: Statement): boolean {
  const found = ignores.filter(
    (one) =>
      one.reason !== undefined &&
      (one.statement === undefined || one.statement === statement) &&
      (one.rules.length === 0 || one.rules.includes(id) || one.rules.some((rule) => elsewhere.includes(`squawk ${rule}`))),
  );
  for (const one of found) one.used = true;
  return found.length > 0;
}
