import type { KnownSchema } from "./known-schema.js";

interface Parts {
  readonly name: string;
  readonly limits: readonly number[];
}

/** Types whose values are stored alike, so that nothing has to be written. */
const alike: readonly (readonly [from: string, to: string])[] = [
  ["varchar", "text"],
  ["text", "varchar"],
  ["cidr", "inet"],
  ["int4", "oid"],
  ["oid", "int4"],
  ["int4", "regclass"],
  ["regclass", "int4"],
  ["xml", "text"],
  ["xml", "varchar"],
  ["bit", "varbit"],
  ["varbit", "bit"],
];

/** Whether the rows of a table stay as they are when a column's type changes. Where the type is not known, they do not. */
export function keepsRows(from: string, to: string, schema: KnownSchema): boolean {
  if (from === "") return false;
  const target = schema.domains.get(to);
  if (target !== undefined) return from === to || (!target.constrained && keepsRows(from, target.base, schema));
  const source = schema.domains.get(from);
  if (source !== undefined) return keepsRows(source.base, to, schema);
  if (from === to) return true;
  const [before, after] = [partsOf(from), partsOf(to)];
  if (before.name === after.name) return widens(before, after);
  const known = alike.some(([one, other]) => one === before.name && other === after.name);
  // A limit that was not there must be held against every row.
  return known && after.limits.length === 0;
}

function widens({ name, limits: before }: Parts, { limits: after }: Parts): boolean {
  const padded = name === "bpchar" || name === "bit";
  if (padded) return false;
  if (after.length === 0) return true;
  const [size = 0, scale = 0] = after;
  const [sizeBefore = 0, scaleBefore = 0] = before;
  if (before.length === 0) return isTime(name) && size >= 6;
  return size >= sizeBefore && (name !== "numeric" || scale === scaleBefore);
}

function isTime(name: string): boolean {
  return ["timestamp", "timestamptz", "time", "timetz"].includes(name);
}

function partsOf(type: string): Parts {
  const found = /^([^(]*)(?:\(([^)]*)\))?$/.exec(type);
  const limits = (found?.[2] ?? "").split(",").filter((one) => one !== "");
  return { name: found?.[1] ?? type, limits: limits.map(Number) };
}
