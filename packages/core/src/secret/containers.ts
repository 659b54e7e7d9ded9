import { putProperty, readProperty } from "./property.js";

type Redact = (value: unknown) => unknown;

/** Each fills `copy` with the redacted contents and returns it, or the original where nothing in it had to change. */
export function redactArray(array: readonly unknown[], copy: unknown[], redact: Redact): unknown {
  for (const item of array) copy.push(redact(item));
  return copy.every((item, index) => Object.is(item, array[index])) ? array : copy;
}

export function redactMap(map: ReadonlyMap<unknown, unknown>, copy: Map<unknown, unknown>, redact: Redact): unknown {
  let touched = false;
  for (const [key, item] of map) {
    const [safeKey, safeItem] = [redact(key), redact(item)];
    touched ||= !Object.is(safeKey, key) || !Object.is(safeItem, item);
    copy.set(safeKey, safeItem);
  }
  return touched ? copy : map;
}

export function redactSet(set: ReadonlySet<unknown>, copy: Set<unknown>, redact: Redact): unknown {
  let touched = false;
  for (const item of set) {
    const safe = redact(item);
    touched ||= !Object.is(safe, item);
    copy.add(safe);
  }
  return touched ? copy : set;
}

/** Own enumerable properties, as JSON would see them. */
export function redactProperties(value: object, copy: object, redact: Redact): unknown {
  let touched = false;
  for (const key of Object.keys(value)) {
    const item = readProperty(value, key);
    const [safeKey, safeItem] = [String(redact(key)), redact(item)];
    touched ||= safeKey !== key || !Object.is(safeItem, item);
    putProperty(copy, safeKey, safeItem);
  }
  return touched ? copy : value;
}
