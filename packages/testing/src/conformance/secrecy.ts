import assert from "node:assert/strict";
import { inspect } from "node:util";
import { findLeaks } from "../leaks/find-leaks.js";

/** Nothing that was said holds a secret, in whatever way it may be written. */
export async function holdNoSecret(secrets: readonly string[], said: readonly unknown[]): Promise<void> {
  const leaks = await findLeaks({
    canaries: secrets.map((value, index) => ({ name: `secret ${String(index + 1)}`, value })),
    texts: said.map((one) => ({ source: describe(one), text: describe(one) })),
  });
  assert.deepEqual(leaks, [], "a secret was said");
}

/** All that can be seen of a value: hidden members and causes too. */
function describe(value: unknown): string {
  return typeof value === "string" ? value : inspect(value, { depth: 9, showHidden: true, getters: true });
}
