import { describe, expect, test } from "vitest";
import type { ComponentStatus } from "./component-status.js";
import { rollUpOf } from "./roll-up.js";

const statuses: readonly ComponentStatus[] = ["operational", "under_maintenance", "degraded_performance", "partial_outage", "major_outage"];

/** All multisets of statuses of this size. */
function multisets(size: number, from = 0): readonly (readonly ComponentStatus[])[] {
  if (size === 0) return [[]];
  return statuses.slice(from).flatMap((status, index) => multisets(size - 1, from + index).map((rest) => [status, ...rest]));
}

/** The table of Statuspage as its help pages word it, read from the top: the first row that holds is the answer. */
function expected(components: readonly ComponentStatus[]): readonly [indicator: string, description: string] {
  const count = (status: ComponentStatus) => components.filter((one) => one === status).length;
  const [maintained, degraded, partial, major] = statuses.slice(1).map(count) as [number, number, number, number];
  const size = components.length;
  const rows: readonly [holds: boolean, indicator: string, description: string][] = [
    [size === 1 && maintained === 1, "maintenance", "Service Under Maintenance"],
    [size === 1 && degraded === 1, "minor", "Partially Degraded Service"],
    [size === 1 && partial === 1, "major", "Partial System Outage"],
    [size > 0 && major === size, "critical", "Major System Outage"],
    [major > 0, "major", "Partial System Outage"],
    [size > 0 && partial === size, "major", "Partial System Outage"],
    [partial > 0, "minor", "Minor Service Outage"],
    [size > 1 && degraded === size, "minor", "Degraded System Service"],
    [degraded > 0, "minor", "Partially Degraded Service"],
    [maintained > 0, "maintenance", "Service Under Maintenance"],
    [true, "none", "All Systems Operational"],
  ];
  const [, indicator, description] = rows.find(([holds]) => holds)!;
  return [indicator, description];
}

/** Every order of a list. */
function orders<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  if (items.length < 2) return [items];
  return items.flatMap((item, index) => orders(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

describe("the table of a whole page", () => {
  const all = [0, 1, 2, 3, 4].flatMap((size) => multisets(size));

  test("there are 126 multisets of up to four components", () => {
    expect(all).toHaveLength(1 + 5 + 15 + 35 + 70);
  });

  test.each(all.map((components) => [components.join(", ") || "none", components] as const))("%s", (_, components) => {
    const found = orders(components).map((ordered) => {
      const { indicator, description } = rollUpOf(ordered);
      return `${indicator}: ${description}`;
    });
    expect(new Set(found)).toEqual(new Set([expected(components).join(": ")]));
  });

  test("an outage is never hidden by maintenance, and a page with one is not operational", () => {
    for (const components of all.filter((one) => one.some((status) => status.endsWith("outage")))) {
      expect(rollUpOf(components).status).not.toBe("operational");
      expect(rollUpOf([...components, "under_maintenance"]).indicator).not.toBe("maintenance");
    }
  });
});

test.each([
  [[], "none", "operational"],
  [["none"], "none", "operational"],
  [["minor"], "minor", "degraded"],
  [["minor", "critical", "none"], "critical", "outage"],
  [["major", "minor"], "major", "outage"],
] as const)("without components the incidents that are open count: %j", (impacts, indicator, status) => {
  expect(rollUpOf([], impacts)).toMatchObject({ indicator, status });
});
