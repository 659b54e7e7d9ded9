import type { SchemaObject, SchemaSnapshot } from "./snapshot.js";

/** An object that two databases do not have alike. */
export interface Difference {
  readonly kind: string;
  readonly name: string;
  /** Where it is; `both` where it is written differently. */
  readonly there: "here" | "there" | "both";
}

/** What two databases do not have alike; of a table that only one has, not its columns and whatever else hangs on it. */
export function differencesBetween(here: SchemaSnapshot, there: SchemaSnapshot): readonly Difference[] {
  if (here.hash === there.hash) return [];
  const [left, right] = [byKey(here.objects), byKey(there.objects)];
  const found = [...new Set([...left.keys(), ...right.keys()])].flatMap((key): readonly Difference[] => {
    const [one, other] = [left.get(key), right.get(key)];
    const { kind, name } = one ?? other ?? { kind: "", name: "" };
    if (one === undefined || other === undefined) return [{ kind, name, there: one === undefined ? "there" : "here" }];
    return one.definition === other.definition ? [] : [{ kind, name, there: "both" }];
  });
  const whole = found.filter(({ kind, there: where }) => where !== "both" && wholes.includes(kind));
  return found.filter((one) => !whole.some((other) => other !== one && other.there === one.there && one.name.startsWith(`${other.name}.`)));
}

const wholes = ["schema", "table", "partitioned table", "foreign table", "type", "view", "materialized view"];

function byKey(objects: readonly SchemaObject[]): ReadonlyMap<string, SchemaObject> {
  return new Map(objects.map((one) => [`${one.kind} ${one.name}`, one]));
}
