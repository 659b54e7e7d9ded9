import { inspect } from "node:util";
import { findLeaks, type Leak } from "@fairlead/testing";

/** Where a password can be seen in what was thrown, answered or said, however it is printed. */
export function leaksOf(password: string, seen: readonly unknown[]): Promise<Leak[]> {
  const texts = seen.flatMap((one, index) => {
    const prints = [JSON.stringify(one), inspect(one, { depth: 20, showHidden: true }), one instanceof Error ? String(one.stack) : ""];
    return prints.map((text) => ({ source: String(index), text }));
  });
  return findLeaks({ canaries: [{ name: "password", value: password }], texts });
}
