import { hash } from "node:crypto";

const letters = "0123456789abcdefghjkmnpqrstvwxyz";

/** Twelve letters and digits that are always the same for the same parts: clients remember things by them. */
export function statusId(...parts: readonly (string | number)[]): string {
  const bytes = hash("sha256", JSON.stringify(parts), "buffer");
  return Array.from(bytes.subarray(0, 12), (byte) => letters[byte % letters.length] ?? "").join("");
}
