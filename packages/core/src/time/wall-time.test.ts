import { expect, test } from "vitest";
import { dayOf, isTimeZone, momentsOf, weekdayOf } from "./wall-time.js";

const at = (text: string): number => Date.parse(text);
const dayNamed = (text: string): number => Date.parse(text) / 86_400_000;
const iso = ({ first, last }: ReturnType<typeof momentsOf>): readonly string[] =>
  [first, last].map((moment) => new Date(moment).toISOString());

test("a day is the day that the zone has", () => {
  expect(dayOf(at("2026-11-20T22:59:59Z"), "Europe/Berlin")).toBe(dayNamed("2026-11-20"));
  expect(dayOf(at("2026-11-20T23:00:00Z"), "Europe/Berlin")).toBe(dayNamed("2026-11-21"));
  expect(dayOf(at("2026-11-20T10:00:00Z"), "Pacific/Kiritimati")).toBe(dayNamed("2026-11-21"));
  expect(weekdayOf(dayNamed("2026-11-20"))).toBe(5);
  expect(weekdayOf(dayNamed("1969-12-31"))).toBe(3);
});

test.for([
  ["2026-11-20", 16 * 60, "Europe/Berlin", ["2026-11-20T15:00:00.000Z", "2026-11-20T15:00:00.000Z"]],
  ["2026-07-20", 16 * 60, "Europe/Berlin", ["2026-07-20T14:00:00.000Z", "2026-07-20T14:00:00.000Z"]],
  // Clocks go from 3:00 back to 2:00.
  ["2026-10-25", 150, "Europe/Berlin", ["2026-10-25T00:30:00.000Z", "2026-10-25T01:30:00.000Z"]],
  // Clocks go from 2:00 on to 3:00.
  ["2026-03-29", 150, "Europe/Berlin", ["2026-03-29T01:00:00.000Z", "2026-03-29T01:00:00.000Z"]],
  ["2026-03-29", 24 * 60, "Europe/Berlin", ["2026-03-29T22:00:00.000Z", "2026-03-29T22:00:00.000Z"]],
  // By half an hour.
  ["2026-04-05", 105, "Australia/Lord_Howe", ["2026-04-04T14:45:00.000Z", "2026-04-04T15:15:00.000Z"]],
  // A zone without this day's midnight.
  ["2026-09-06", 0, "America/Santiago", ["2026-09-06T04:00:00.000Z", "2026-09-06T04:00:00.000Z"]],
  ["2026-11-20", 0, "Asia/Kathmandu", ["2026-11-19T18:15:00.000Z", "2026-11-19T18:15:00.000Z"]],
] as const)("%s, %i minutes after midnight in %s", ([day, minutes, zone, expected]) => {
  expect(iso(momentsOf(dayNamed(day), minutes, zone))).toEqual(expected);
});

test("a zone is known or not", () => {
  expect(isTimeZone("Europe/Berlin")).toBe(true);
  expect(isTimeZone("Berlin")).toBe(false);
});
