import { expect, test } from "vitest";
import type { FreezeOptions, RecurringFreezeOptions } from "./environment-options.js";
import { freezeSpec, frozenAt } from "./freezes.js";

const until = (freezes: readonly (FreezeOptions | RecurringFreezeOptions)[], moment: string): string | undefined => {
  const frozen = frozenAt(freezes.map(freezeSpec), Date.parse(moment));
  return frozen && new Date(frozen.until).toISOString();
};

const friday: RecurringFreezeOptions = { every: "week", days: ["fri"], from: "16:00", zone: "Europe/Berlin", reason: "weekend" };
const weekend: RecurringFreezeOptions = { every: "week", days: ["sat", "sun"], zone: "Europe/Berlin", reason: "weekend" };
const night: RecurringFreezeOptions = { every: "day", from: "22:00", to: "06:00", zone: "Europe/Berlin", reason: "night" };

test.for([
  [[friday], "2026-11-20T14:59:59Z", undefined],
  [[friday], "2026-11-20T15:00:00Z", "2026-11-20T23:00:00.000Z"],
  [[friday], "2026-11-20T23:00:00Z", undefined],
  [[friday], "2026-07-17T14:00:00Z", "2026-07-17T22:00:00.000Z"],
  // What follows without a gap is one, also over the night in which clocks are set back.
  [[friday, weekend], "2026-11-20T15:00:00Z", "2026-11-22T23:00:00.000Z"],
  [[friday, weekend], "2026-10-23T15:00:00Z", "2026-10-25T23:00:00.000Z"],
  [[friday, weekend], "2026-03-27T16:00:00Z", "2026-03-29T22:00:00.000Z"],
  // Over midnight.
  [[night], "2026-11-20T20:59:59Z", undefined],
  [[night], "2026-11-20T21:00:00Z", "2026-11-21T05:00:00.000Z"],
  [[night], "2026-11-21T04:59:59Z", "2026-11-21T05:00:00.000Z"],
  [[night], "2026-11-21T05:00:00Z", undefined],
  // Clocks show 2:30 twice: it is over at the second.
  [[{ ...night, from: "01:00", to: "02:30" }], "2026-10-25T00:45:00Z", "2026-10-25T01:30:00.000Z"],
  // Clocks never show 2:30: it begins when they pass it.
  [[{ ...night, from: "02:30", to: "04:00" }], "2026-03-29T00:59:59Z", undefined],
  [[{ ...night, from: "02:30", to: "04:00" }], "2026-03-29T01:00:00Z", "2026-03-29T02:00:00.000Z"],
  [
    [
      { from: "2026-12-23T17:00:00+01:00", to: "2026-12-24T00:00:00+01:00", reason: "year's end" },
      { ...weekend, days: ["thu"] },
    ],
    "2026-12-23T20:00:00Z",
    "2026-12-24T23:00:00.000Z",
  ],
] as const)("%j at %s is frozen until %s", ([freezes, moment, expected]) => {
  expect(until(freezes, moment)).toBe(expected);
});

test("what is always frozen ends no search", () => {
  const always: RecurringFreezeOptions = { every: "day", zone: "UTC", reason: "closed" };
  expect(Date.parse(until([always], "2026-11-20T15:00:00Z") ?? "") - Date.parse("2026-11-20T15:00:00Z")).toBeGreaterThan(14 * 86_400_000);
});

test("minute by minute, over both nights of a year in which clocks are set, it is what the clocks show", () => {
  const specs = [friday, night].map(freezeSpec);
  const shown = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Berlin", weekday: "short", hour: "2-digit", minute: "2-digit" });
  for (const begin of ["2026-03-27T00:00:00Z", "2026-10-23T00:00:00Z"]) {
    for (let minute = 0; minute < 4 * 1_440; minute += 1) {
      const moment = Date.parse(begin) + minute * 60_000;
      const { weekday, hour = "" } = Object.fromEntries(shown.formatToParts(moment).map(({ type, value }) => [type, value]));
      const expected = (weekday === "Fri" && hour >= "16") || hour >= "22" || hour < "06";
      expect([moment, frozenAt(specs, moment) !== undefined]).toEqual([moment, expected]);
    }
  }
});
